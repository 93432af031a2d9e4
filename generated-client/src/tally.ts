import type { Digest } from './generated/models/Digest.js';
import type { Login } from './generated/models/Login.js';
import type { SessionTokens } from './generated/models/SessionTokens.js';
import type { Token } from './generated/models/Token.js';
import { AccountsService } from './generated/services/AccountsService.js';
import { AuthService } from './generated/services/AuthService.js';
import type { HealthService } from './generated/services/HealthService.js';
import type { ShopService } from './generated/services/ShopService.js';
import type { TiersService } from './generated/services/TiersService.js';
import { TallyClient } from './generated/TallyClient.js';
import { Images } from './images.js';
import {
  type CallOptions,
  createSettings,
  overrideSettings,
  type Settings,
  type TallyOptions,
} from './options.js';
import type { WaitLimits } from './session.js';
import {
  createSumRequest,
  type SumDetail,
  type SumDetailsOf,
  type SumDetailsOptions,
  type SumDocument,
  toRequestBody,
} from './sum.js';
import { isSessionTokens, isToken } from './token-store.js';
import { refreshSession, Transport } from './transport.js';

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
export class Tally {
  #settings: Settings;
  #api: TallyClient;

  constructor(options: TallyOptions) {
    this.#settings = createSettings(options, refreshSession);
    this.#api = connect(this.#settings);
  }

  /**
   * Returns a client that has other options and shares the tokens.
   *
   * @example
   * ```ts
   * await tally.with({ timeout: 1000, retries: 0 }).health.checkReadiness();
   * ```
   */
  with(options: CallOptions): Tally {
    const tally = new Tally(this.#settings);
    tally.#settings = overrideSettings(this.#settings, options);
    tally.#api = connect(tally.#settings);
    return tally;
  }

  /** Accounts and their sessions. */
  get accounts(): AccountsService {
    return this.#api.accounts;
  }

  /** Tokens, and the keys that verify them. */
  get auth(): AuthService {
    return this.#api.auth;
  }

  /** Liveness and readiness of the server. */
  get health(): HealthService {
    return this.#api.health;
  }

  /** Images and their links. */
  get images(): Images {
    return new Images(this.#settings);
  }

  /** Products, promotions and orders. */
  get shop(): ShopService {
    return this.#api.shop;
  }

  /** Tiers, for administrators. */
  get tiers(): TiersService {
    return this.#api.tiers;
  }

  /**
   * Gets a token and keeps it for later calls. It is valid for `expires_in` seconds.
   *
   * @throws {ApiError} `validation_failed` if the user name or the password is blank or too long.
   */
  async authenticate(
    username: string,
    password: string,
    options: CallOptions = {},
  ): Promise<Token> {
    const settings = overrideSettings(this.#settings, options);
    const auth = new AuthService(new Transport(settings, { accepts: isToken }));
    const token = await auth.authenticate({ requestBody: { username, password } });
    await settings.session.start(token, waitLimitsOf(settings));
    return token;
  }

  /**
   * Signs in to an account and keeps the tokens for later calls. They are refreshed automatically until the session
   * ends.
   *
   * @throws {ApiError} `invalid_credentials`, `account_disabled`, `too_many_attempts`, `busy` or
   * `validation_failed`.
   */
  async login(credentials: Login, options: CallOptions = {}): Promise<SessionTokens> {
    const settings = overrideSettings(this.#settings, options);
    const accounts = new AccountsService(new Transport(settings, { accepts: isSessionTokens }));
    const tokens = await accounts.login({ requestBody: credentials });
    await settings.session.start(tokens, waitLimitsOf(settings));
    return tokens;
  }

  /**
   * Ends the session on the server and clears the tokens. It succeeds even if the session is over already or nobody is
   * signed in. If it fails, the session may be alive, and the tokens are kept for another attempt.
   */
  async logout(options: CallOptions = {}): Promise<void> {
    const settings = overrideSettings(this.#settings, options);
    const { accounts } = connect(settings);
    await settings.session.end(() => accounts.logout(), waitLimitsOf(settings));
  }

  /**
   * Adds all numbers of a document, without rounding, and returns the SHA-256 of the sum in lower-case hexadecimal
   * digits.
   *
   * @throws {TypeError} if the document holds a value that JSON cannot express.
   * @throws {ApiError} `missing_token`, `invalid_token` or `token_expired` without a valid token;
   * `malformed_json`, `document_too_large`, `too_deep` or `number_out_of_range`.
   */
  async sum(document: SumDocument, options: CallOptions = {}): Promise<string> {
    const requestBody = toRequestBody(document);
    const answer = await this.with(options).#api.sum.sumDocument({ requestBody });
    // Nothing but the digest was asked for.
    return (answer as Digest).sha256;
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
  async sumDetails<const Include extends readonly SumDetail[] = readonly []>(
    document: SumDocument,
    options: SumDetailsOptions<Include> = {},
  ): Promise<SumDetailsOf<Include>> {
    const transport = new Transport(overrideSettings(this.#settings, options));
    return transport.request<SumDetailsOf<Include>>(createSumRequest(document, options));
  }
}

const NEVER_ABORTED = new AbortController().signal;

function waitLimitsOf({ timeout, signal = NEVER_ABORTED }: Settings): WaitLimits {
  return { timeout, signal };
}

/** Makes the generated client, with our transport instead of its own. */
function connect(settings: Settings): TallyClient {
  class BoundTransport extends Transport {
    constructor() {
      super(settings);
    }
  }
  return new TallyClient({}, BoundTransport);
}
