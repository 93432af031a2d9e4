export const createTier = (requestBody) => ({
    method: 'POST',
    url: '/tiers',
    isKeyed: true,
    body: requestBody,
});
export const listTiers = () => ({
    method: 'GET',
    url: '/tiers',
});
export const getOwnTier = () => ({
    method: 'GET',
    url: '/tiers/mine',
});
export const getTier = (name) => ({
    method: 'GET',
    url: '/tiers/{name}',
    path: {
        'name': name,
    },
});
export const updateTier = (name, requestBody) => ({
    method: 'PATCH',
    url: '/tiers/{name}',
    path: {
        'name': name,
    },
    body: requestBody,
});
export const deleteTier = (name) => ({
    method: 'DELETE',
    url: '/tiers/{name}',
    isEmpty: true,
    path: {
        'name': name,
    },
});
