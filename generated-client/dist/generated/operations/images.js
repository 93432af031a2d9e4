export const uploadImage = (formData) => ({
    method: 'POST',
    url: '/images',
    isKeyed: true,
    formData: formData,
    mediaType: 'multipart/form-data',
});
export const listImages = () => ({
    method: 'GET',
    url: '/images',
});
export const getImage = (id) => ({
    method: 'GET',
    url: '/images/{id}',
    path: {
        'id': id,
    },
});
export const deleteImage = (id) => ({
    method: 'DELETE',
    url: '/images/{id}',
    isEmpty: true,
    path: {
        'id': id,
    },
});
export const downloadImage = (id, size) => ({
    method: 'GET',
    url: '/images/{id}/{size}',
    fileTypes: ['image/jpeg', 'image/png'],
    path: {
        'id': id,
        'size': size,
    },
});
export const followImageLink = (token) => ({
    method: 'GET',
    url: '/links/{token}',
    isOpen: true,
    fileTypes: ['image/jpeg', 'image/png'],
    path: {
        'token': token,
    },
});
export const createImageLink = (id, requestBody) => ({
    method: 'POST',
    url: '/images/{id}/links',
    isKeyed: true,
    path: {
        'id': id,
    },
    body: requestBody,
});
export const listImageLinks = (id) => ({
    method: 'GET',
    url: '/images/{id}/links',
    path: {
        'id': id,
    },
});
export const deleteImageLink = (id, linkId) => ({
    method: 'DELETE',
    url: '/images/{id}/links/{link_id}',
    isEmpty: true,
    path: {
        'id': id,
        'link_id': linkId,
    },
});
