import { isRawBody, type RawBody } from './body.js';
import type { SessionTokens } from './generated/models/SessionTokens.js';
import type { Token } from './generated/models/Token.js';
import { AccountsService } from './generated/services/AccountsService.js';
import { AuthService } from './generated/services/AuthService.js';
import type { HealthService } from './generated/services/HealthService.js';
import { TallyClient } from './generated/TallyClient.js';
import { Images } from './images.js';
import { toJson } from './json.js';
import {
  type CallOptions,
  firstSettings,
  narrowSettings,
  type Settings,
  type TallyOptions,
} from './options.js';
import { rawJson } from './raw-json.js';
import type { Patience } from './session.js';
import { Shop } from './shop.js';
import { isSessionTokens, isToken } from './token-store.js';
import { Transport } from './transport.js';

/**
 * What can be summed: any JSON value, with bigints, or JSON that is sent as it is, byte for byte.
 * A string is a JSON string; `rawJson` marks text that is JSON.
 */
export type SumDocument = RawBody | object | string | number | bigint | boolean | null;

/** Who signs in, by user name or e-mail address. */
export type LoginCredentials =
  | { username: string; password: string }
  | { email: string; password: string };

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
    this.#settings = firstSettings(options);
    this.#api = connect(this.#settings);
  }

  /**
   * The same client, with other settings for the calls that are made through it. Both share the tokens.
   *
   * @example
   * ```ts
   * await tally.with({ timeout: 1000, retries: 0 }).health.checkReadiness();
   * ```
   */
  with(options: CallOptions): Tally {
    const tally = new Tally(this.#settings);
    tally.#settings = narrowSettings(this.#settings, options);
    tally.#api = connect(tally.#settings);
    return tally;
  }

  /** Accounts and their sessions, call by call. */
  get accounts(): AccountsService {
    return this.#api.accounts;
  }

  /** Tokens and the keys that verify them, call by call. */
  get auth(): AuthService {
    return this.#api.auth;
  }

  /** Whether the server is alive and ready. */
  get health(): HealthService {
    return this.#api.health;
  }

  /** Images, as they go up and come down, and the tiers that say who gets which. */
  get images(): Images {
    return new Images(this.#settings);
  }

  /** The catalogue, orders, and special offers. */
  get shop(): Shop {
    return new Shop(this.#api.request);
  }

  /**
   * Signs in, and keeps the token for the calls that follow. It is valid for `expires_in` seconds.
   *
   * @throws {ApiError} `validation_failed` if the user name or the password is blank or too long.
   */
  async authenticate(
    username: string,
    password: string,
    options: CallOptions = {},
  ): Promise<Token> {
    const settings = narrowSettings(this.#settings, options);
    const auth = new AuthService(new Transport(settings, { accepts: isToken }));
    const token = await auth.authenticate({ requestBody: { username, password } });
    await settings.session.start(token, patienceOf(settings));
    return token;
  }

  /**
   * Signs in to an account, and keeps the tokens for the calls that follow. They are refreshed by
   * themselves until the session ends.
   *
   * @throws {ApiError} `invalid_credentials`, `account_disabled`, `too_many_attempts`, `busy` or
   * `validation_failed`.
   */
  async login(credentials: LoginCredentials, options: CallOptions = {}): Promise<SessionTokens> {
    const settings = narrowSettings(this.#settings, options);
    const accounts = new AccountsService(new Transport(settings, { accepts: isSessionTokens }));
    const tokens = await accounts.login({ requestBody: credentials });
    await settings.session.start(tokens, patienceOf(settings));
    return tokens;
  }

  /**
   * Ends the session on the server, and forgets the tokens; also if the session is over already, or
   * nobody is signed in. If it fails, the session may be alive, and the tokens are kept to try again.
   */
  async logout(options: CallOptions = {}): Promise<void> {
    const settings = narrowSettings(this.#settings, options);
    const { accounts } = connect(settings);
    await settings.session.end(() => accounts.logout(), patienceOf(settings));
  }

  /**
   * Adds every number of a document, without rounding, and returns the SHA-256 of the sum, in
   * lower-case hexadecimal digits.
   *
   * @throws {TypeError} if the document holds what JSON cannot express.
   * @throws {ApiError} `missing_token`, `invalid_token` or `token_expired` without a token that counts;
   * `malformed_json`, `document_too_large`, `too_deep` or `number_out_of_range`.
   */
  async sum(document: SumDocument, options: CallOptions = {}): Promise<string> {
    const requestBody = isRawBody(document) ? document : rawJson(toJson(document));
    const { sha256 } = await this.with(options).#api.sum.sumDocument({ requestBody });
    return sha256;
  }
}

const UNENDING = new AbortController().signal;

function patienceOf({ timeout, signal = UNENDING }: Settings): Patience {
  return { timeout, signal };
}

/** The generated client, with our transport in place of its own. */
function connect(settings: Settings): TallyClient {
  class BoundTransport extends Transport {
    constructor() {
      super(settings);
    }
  }
  return new TallyClient({}, BoundTransport);
}
