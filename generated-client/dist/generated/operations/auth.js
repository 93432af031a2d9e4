export const authenticate = (requestBody) => ({
    method: 'POST',
    url: '/auth',
    isOpen: true,
    body: requestBody,
});
export const getSigningKeys = () => ({
    method: 'GET',
    url: '/.well-known/jwks.json',
    isOpen: true,
});
export const getAuthorizationServerMetadata = () => ({
    method: 'GET',
    url: '/.well-known/oauth-authorization-server',
    isOpen: true,
});
export const getOpenidConfiguration = () => ({
    method: 'GET',
    url: '/.well-known/openid-configuration',
    isOpen: true,
});
