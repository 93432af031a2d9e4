/**
 * Public keys (RFC 7517 section 5).
 */
export type JwkSet = {
    keys: Array<{
        /**
         * Key type.
         */
        kty: string;
        /**
         * Key id: the thumbprint of RFC 7638.
         */
        kid: string;
        /**
         * The one algorithm that the key is used with.
         */
        alg: string;
        /**
         * Always sig.
         */
        use: string;
        /**
         * Curve (EC, OKP).
         */
        crv?: string;
        /**
         * Public key, or its x coordinate (EC, OKP).
         */
        'x'?: string;
        /**
         * y coordinate (EC).
         */
        'y'?: string;
        /**
         * Modulus (RSA).
         */
        'n'?: string;
        /**
         * Exponent (RSA).
         */
        'e'?: string;
    }>;
};
