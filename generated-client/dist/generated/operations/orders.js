export const quoteOrder = (requestBody) => ({
    method: 'POST',
    url: '/orders/quote',
    body: requestBody,
});
export const placeOrder = (requestBody) => ({
    method: 'POST',
    url: '/orders',
    isKeyed: true,
    body: requestBody,
});
export const listOrders = () => ({
    method: 'GET',
    url: '/orders',
});
export const getOrder = (id) => ({
    method: 'GET',
    url: '/orders/{id}',
    path: {
        'id': id,
    },
});
export const cancelOrder = (id) => ({
    method: 'POST',
    url: '/orders/{id}/cancel',
    path: {
        'id': id,
    },
});
export const updateOrderStatus = (id, requestBody) => ({
    method: 'POST',
    url: '/orders/{id}/status',
    isKeyed: true,
    path: {
        'id': id,
    },
    body: requestBody,
});
