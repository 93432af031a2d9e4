export function createMemoryStore(accessToken) {
    let tokens;
    if (accessToken !== undefined)
        tokens = { accessToken, signedInAt: Date.now() };
    return {
        load: () => tokens,
        save(next) {
            tokens = next;
        },
        clear() {
            tokens = undefined;
        },
    };
}
/** Checks the answer to a sign-in or a refresh, because an incomplete one must not replace working tokens. */
export function isSessionTokens(content) {
    return isToken(content) && isBearer(content.refresh_token);
}
export function isToken(content) {
    const { access_token, expires_in } = content;
    return isBearer(access_token) && Number.isFinite(expires_in);
}
function isBearer(token) {
    return typeof token === 'string' && /^[\w\-.~+/]+=*$/.test(token);
}
/** Refuses a token that is not valid in a header (RFC 6750 section 2.1). The runtime's own error would quote it. */
export function checkToken(token) {
    if (!isBearer(token))
        throw new TypeError('The token is not the access_token of a sign-in');
    return token;
}
