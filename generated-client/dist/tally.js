import { login, logout } from './generated/operations/accounts.js';
import { AccountsResource } from './generated/resources/accounts.js';
import { AuditEventsResource } from './generated/resources/audit-events.js';
import { AuthResource } from './generated/resources/auth.js';
import { HealthResource } from './generated/resources/health.js';
import { OrdersResource } from './generated/resources/orders.js';
import { ProductsResource } from './generated/resources/products.js';
import { PromotionsResource } from './generated/resources/promotions.js';
import { TiersResource } from './generated/resources/tiers.js';
import { ImagesResource } from './images.js';
import { refresh } from './refresh.js';
import { Session } from './session.js';
import { createSumRequest, } from './sum.js';
import { TallyCore } from './tally-core.js';
import { isSessionTokens } from './token-store.js';
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
export class Tally extends TallyCore {
    /** Registration, accounts and their sessions. */
    accounts = new AccountsResource(this);
    /** Records of what happened to accounts, for administrators. */
    auditEvents = new AuditEventsResource(this);
    /** Keys that verify tokens. */
    auth = new AuthResource(this);
    /** Liveness and readiness of the server. */
    health = new HealthResource(this);
    /** Images and their links. */
    images = new ImagesResource(this);
    /** Orders, at the prices of the moment. */
    orders = new OrdersResource(this);
    /** The catalogue, and its stock. */
    products = new ProductsResource(this);
    /** Reductions of the prices of orders. */
    promotions = new PromotionsResource(this);
    /** Rights that accounts have for their images. */
    tiers = new TiersResource(this);
    constructor(options) {
        super(options, (store, settings, timeout) => {
            const refreshTokens = (refreshToken) => refresh(settings(), refreshToken);
            return new Session(store, refreshTokens, timeout);
        });
    }
    /**
     * Signs in to an account and keeps the tokens for later calls. They are refreshed automatically until the session
     * ends.
     *
     * @throws {ApiError} `invalid_credentials`, `account_disabled`, `too_many_attempts`, `busy` or
     * `validation_failed`.
     */
    async login(credentials, options) {
        const { data } = await this.send(login(credentials), options, { accepts: isSessionTokens });
        await this.keep(data, options);
        return data;
    }
    /**
     * Ends the session on the server and clears the tokens. It succeeds even if the session is over already or nobody is
     * signed in. If it fails, the session may be alive, and the tokens are kept for another attempt.
     */
    async logout(options) {
        // The constructor has made it.
        const session = this.tokens;
        await session.end(() => this.send(logout(), options), this.limits(options));
    }
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
    async sumDetails(document, options = {}) {
        const operation = createSumRequest(document, options);
        return (await this.send(operation, options)).data;
    }
}
