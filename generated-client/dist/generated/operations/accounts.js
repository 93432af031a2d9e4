export const registerAccount = (requestBody) => ({
    method: 'POST',
    url: '/accounts',
    isOpen: true,
    isKeyed: true,
    body: requestBody,
});
export const listAccounts = () => ({
    method: 'GET',
    url: '/accounts',
});
export const login = (requestBody) => ({
    method: 'POST',
    url: '/accounts/login',
    isOpen: true,
    body: requestBody,
});
export const getOwnAccount = () => ({
    method: 'GET',
    url: '/accounts/me',
});
export const updateOwnAccount = (requestBody) => ({
    method: 'PATCH',
    url: '/accounts/me',
    body: requestBody,
});
export const deleteOwnAccount = (requestBody) => ({
    method: 'DELETE',
    url: '/accounts/me',
    isEmpty: true,
    body: requestBody,
});
export const changePassword = (requestBody) => ({
    method: 'POST',
    url: '/accounts/password',
    isOpen: true,
    isEmpty: true,
    body: requestBody,
});
export const refreshSession = (requestBody) => ({
    method: 'POST',
    url: '/accounts/refresh',
    isOpen: true,
    body: requestBody,
});
export const listSessions = () => ({
    method: 'GET',
    url: '/accounts/sessions',
});
export const deleteSession = (id) => ({
    method: 'DELETE',
    url: '/accounts/sessions/{id}',
    isEmpty: true,
    path: {
        'id': id,
    },
});
export const logout = () => ({
    method: 'POST',
    url: '/accounts/logout',
    isEmpty: true,
});
export const requestPasswordReset = (requestBody) => ({
    method: 'POST',
    url: '/accounts/password/forgotten',
    isOpen: true,
    isEmpty: true,
    body: requestBody,
});
export const resetPassword = (requestBody) => ({
    method: 'POST',
    url: '/accounts/password/reset',
    isOpen: true,
    isEmpty: true,
    body: requestBody,
});
export const sendPasswordReset = (requestBody) => ({
    method: 'POST',
    url: '/accounts/password/links',
    isEmpty: true,
    body: requestBody,
});
export const getAccount = (id) => ({
    method: 'GET',
    url: '/accounts/{id}',
    path: {
        'id': id,
    },
});
export const updateAccount = (id, requestBody) => ({
    method: 'PATCH',
    url: '/accounts/{id}',
    path: {
        'id': id,
    },
    body: requestBody,
});
