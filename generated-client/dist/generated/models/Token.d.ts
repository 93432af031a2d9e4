/**
 * A token response (RFC 6749 section 5.1).
 */
export type Token = {
    /**
     * A JWT (RFC 9068). Send it as "Authorization: Bearer …".
     */
    access_token: string;
    token_type: 'Bearer';
    /**
     * Seconds until the token expires.
     */
    expires_in: number;
    /**
     * What the token gives access to, separated by spaces.
     */
    scope: string;
};
