import type { IssuerMetadata } from '../models/IssuerMetadata.js';
import type { JwkSet } from '../models/JwkSet.js';
import { Resource, type Call, type CallOptions } from '../../resource.js';
/** The operations of `auth`. */
export declare class AuthResource extends Resource {
    /**
     * Get the public keys.
     *
     * The keys that verify tokens: the current key, its successor, and the keys of tokens that have not expired.
     *
     * @returns Public keys.
     * @throws {ApiError} `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`, `overloaded`,
     * `validation_failed`.
     */
    getSigningKeys(options?: CallOptions): Call<JwkSet>;
    /**
     * Get the metadata of the issuer.
     *
     * Tells verifiers where the public keys are.
     *
     * @returns Metadata.
     * @throws {ApiError} `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`, `overloaded`,
     * `validation_failed`.
     */
    getAuthorizationServerMetadata(options?: CallOptions): Call<IssuerMetadata>;
    /**
     * Get the metadata of the issuer.
     *
     * Tells verifiers where the public keys are.
     *
     * @returns Metadata.
     * @throws {ApiError} `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`, `overloaded`,
     * `validation_failed`.
     */
    getOpenidConfiguration(options?: CallOptions): Call<IssuerMetadata>;
}
