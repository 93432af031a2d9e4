export const createProduct = (requestBody) => ({
    method: 'POST',
    url: '/products',
    isKeyed: true,
    body: requestBody,
});
export const listProducts = () => ({
    method: 'GET',
    url: '/products',
    isOpen: true,
});
export const getProduct = (id) => ({
    method: 'GET',
    url: '/products/{id}',
    isOpen: true,
    path: {
        'id': id,
    },
});
export const updateProduct = (id, requestBody) => ({
    method: 'PATCH',
    url: '/products/{id}',
    path: {
        'id': id,
    },
    body: requestBody,
});
export const deleteProduct = (id) => ({
    method: 'DELETE',
    url: '/products/{id}',
    isEmpty: true,
    path: {
        'id': id,
    },
});
export const moveStock = (id, requestBody) => ({
    method: 'POST',
    url: '/products/{id}/stock',
    isKeyed: true,
    path: {
        'id': id,
    },
    body: requestBody,
});
export const listStockMovements = (id) => ({
    method: 'GET',
    url: '/products/{id}/stock',
    path: {
        'id': id,
    },
});
