export const listCurrentPromotions = () => ({
    method: 'GET',
    url: '/promotions/current',
});
export const createPromotion = (requestBody) => ({
    method: 'POST',
    url: '/promotions',
    isKeyed: true,
    body: requestBody,
});
export const listPromotions = () => ({
    method: 'GET',
    url: '/promotions',
});
export const getPromotion = (id) => ({
    method: 'GET',
    url: '/promotions/{id}',
    path: {
        'id': id,
    },
});
export const updatePromotion = (id, requestBody) => ({
    method: 'PATCH',
    url: '/promotions/{id}',
    path: {
        'id': id,
    },
    body: requestBody,
});
export const deletePromotion = (id) => ({
    method: 'DELETE',
    url: '/promotions/{id}',
    isEmpty: true,
    path: {
        'id': id,
    },
});
