/**
 * Authorization server metadata (RFC 8414).
 */
export type IssuerMetadata = {
    /**
     * The iss of tokens.
     */
    issuer: string;
    /**
     * URL of the public keys.
     */
    jwks_uri: string;
    /**
     * The documentation for people.
     */
    service_documentation: string;
    /**
     * The scopes that tokens can have.
     */
    scopes_supported: Array<string>;
    /**
     * Empty: there is no authorization endpoint.
     */
    response_types_supported: Array<string>;
    /**
     * Empty: tokens come from POST /auth, which is no OAuth grant.
     */
    grant_types_supported: Array<string>;
    subject_types_supported: Array<string>;
    /**
     * The algorithms that sign tokens here.
     */
    id_token_signing_alg_values_supported: Array<string>;
};
