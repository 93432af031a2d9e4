import type { Health } from '../models/Health.js';
import { Resource, type Call, type CallOptions } from '../../resource.js';
/** The operations of `health`. */
export declare class HealthResource extends Resource {
    /**
     * Is the process alive?
     *
     * Answers as long as the process can answer at all. Restart it when it does not.
     *
     * @returns All is well.
     * @throws {ApiError} `expectation_failed`, `internal_error`, `overloaded`, `validation_failed`.
     */
    checkLiveness(options?: CallOptions): Call<Health>;
    /**
     * Can the server take requests?
     *
     * Answers 200 when all that requests need is there, the database first of all, and 503 when it is not and while
     * the server shuts down. `not_ready` of the problem lists what is missing: `database`, `storage`, `closing`.
     *
     * @returns All is well.
     * @throws {ApiError} `shutting_down`, `storage_unavailable`, `database_unavailable`, `expectation_failed`,
     * `internal_error`, `overloaded`, `validation_failed`.
     */
    checkReadiness(options?: CallOptions): Call<Health>;
}
