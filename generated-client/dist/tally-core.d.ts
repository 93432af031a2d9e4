import type { WithResponse } from './call.js';
import type { SessionTokens } from './generated/models/SessionTokens.js';
import type { Token } from './generated/models/Token.js';
import type { Operation } from './operation.js';
import { type CallOptions, type CreateHolder, type TallyOptions } from './options.js';
import { type SumDocument } from './sum.js';
import type { TokenHolder } from './token-holder.js';
import { type TransportOptions } from './transport.js';
import { type WaitLimits } from './watch.js';
/**
 * A client that signs in as a guest, or has a token, and computes digests. Programs that need no more get a smaller bundle than
 * with `Tally`, and can add single resources. Tokens are not refreshed.
 *
 * @example
 * ```ts
 * const tally = new TallyCore({ baseUrl: 'http://localhost:8000' });
 * await tally.authenticate('ada', 'correct horse battery staple');
 * const digest = await tally.sum({ lines: [{ price: 19.99 }, { price: 5 }] });
 * const health = new HealthResource(tally);
 * ```
 */
export declare class TallyCore {
    #private;
    /** @param createHolder makes what keeps the tokens; a subclass gives another one */
    constructor(options: TallyOptions, createHolder?: CreateHolder);
    /**
     * Returns a client that has other options and shares the tokens.
     *
     * @example
     * ```ts
     * const patient = tally.with({ timeout: 300_000, headers: { 'x-request-id': 'nightly' } });
     * ```
     */
    with(options: CallOptions): this;
    /**
     * Gets a token and keeps it for later calls. It is valid for `expires_in` seconds.
     *
     * @throws {ApiError} `validation_failed` if the user name or the password is blank or too long.
     */
    authenticate(username: string, password: string, options?: CallOptions): Promise<Token>;
    /**
     * Adds all numbers of a document, without rounding, and returns the SHA-256 of the sum in lower-case hexadecimal
     * digits.
     *
     * @throws {TypeError} if the document holds a value that JSON cannot express.
     * @throws {ApiError} `missing_token`, `invalid_token` or `token_expired` without a valid token;
     * `malformed_json`, `document_too_large`, `too_deep` or `number_out_of_range`.
     */
    sum(document: SumDocument, options?: CallOptions): Promise<string>;
    /** Sends one request. Resources are built on it. */
    send<Result>(operation: Operation<Result>, options?: CallOptions, parts?: TransportOptions): Promise<WithResponse<Result>>;
    protected get tokens(): TokenHolder;
    /** Keeps tokens for later calls. */
    protected keep(answer: Token | SessionTokens, options?: CallOptions): Promise<void>;
    protected limits(options?: CallOptions): WaitLimits;
}
