import type { Login } from './generated/models/Login.js';
import type { SessionTokens } from './generated/models/SessionTokens.js';
import { AccountsResource } from './generated/resources/accounts.js';
import { AuditEventsResource } from './generated/resources/audit-events.js';
import { AuthResource } from './generated/resources/auth.js';
import { HealthResource } from './generated/resources/health.js';
import { OrdersResource } from './generated/resources/orders.js';
import { ProductsResource } from './generated/resources/products.js';
import { PromotionsResource } from './generated/resources/promotions.js';
import { TiersResource } from './generated/resources/tiers.js';
import { ImagesResource } from './images.js';
import type { CallOptions, TallyOptions } from './options.js';
import { type SumDetail, type SumDetailsOf, type SumDetailsOptions, type SumDocument } from './sum.js';
import { TallyCore } from './tally-core.js';
/**
 * A client of one Tally server.
 *
 * @example
 * ```ts
 * const tally = new Tally({ baseUrl: 'http://localhost:8000' });
 * await tally.authenticate('ada', 'correct horse battery staple');
 * const digest = await tally.sum({ lines: [{ price: 19.99 }, { price: 5 }] });
 * ```
 */
export declare class Tally extends TallyCore {
    /** Registration, accounts and their sessions. */
    readonly accounts: AccountsResource;
    /** Records of what happened to accounts, for administrators. */
    readonly auditEvents: AuditEventsResource;
    /** Keys that verify tokens. */
    readonly auth: AuthResource;
    /** Liveness and readiness of the server. */
    readonly health: HealthResource;
    /** Images and their links. */
    readonly images: ImagesResource;
    /** Orders, at the prices of the moment. */
    readonly orders: OrdersResource;
    /** The catalogue, and its stock. */
    readonly products: ProductsResource;
    /** Reductions of the prices of orders. */
    readonly promotions: PromotionsResource;
    /** Rights that accounts have for their images. */
    readonly tiers: TiersResource;
    constructor(options: TallyOptions);
    /**
     * Signs in to an account and keeps the tokens for later calls. They are refreshed automatically until the session
     * ends.
     *
     * @throws {ApiError} `invalid_credentials`, `account_disabled`, `too_many_attempts`, `busy` or
     * `validation_failed`.
     */
    login(credentials: Login, options?: CallOptions): Promise<SessionTokens>;
    /**
     * Ends the session on the server and clears the tokens. It succeeds even if the session is over already or nobody is
     * signed in. If it fails, the session may be alive, and the tokens are kept for another attempt.
     */
    logout(options?: CallOptions): Promise<void>;
    /**
     * Adds all numbers of a document as `sum` does, and returns the digest with the details that `include` names: the
     * `sum` itself, the `count` of numbers, and `paths`, the total of each place in the document that holds a number.
     *
     * @example
     * ```ts
     * const { paths } = await tally.sumDetails(file, { format: 'lines', include: ['sum', 'paths'] });
     * for (const { path, sum } of paths) console.log(path, sum); // $[*].price 24.99
     * ```
     *
     * @throws {TypeError} if the key or the format is not valid, or the document holds a value that JSON cannot express.
     * @throws {ApiError} as `sum`; `validation_failed` for a path to collapse that is none; `too_many_paths`.
     */
    sumDetails<const Include extends readonly SumDetail[] = readonly []>(document: SumDocument, options?: SumDetailsOptions<Include>): Promise<SumDetailsOf<Include>>;
}
