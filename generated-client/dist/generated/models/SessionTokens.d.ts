/**
 * A token response (RFC 6749 section 5.1).
 */
export type SessionTokens = {
    /**
     * A JWT (RFC 9068). Send it as "Authorization: Bearer …".
     */
    access_token: string;
    token_type: 'Bearer';
    /**
     * Seconds until the access token expires.
     */
    expires_in: number;
    /**
     * What the token gives access to, separated by spaces.
     */
    scope: string;
    /**
     * Works once, for the next pair.
     */
    refresh_token: string;
};
