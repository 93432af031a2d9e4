import type { SessionTokens } from './generated/models/SessionTokens.js';
import type { Token } from './generated/models/Token.js';
import type { TokenSet, TokenStore } from './token-store.js';
import { type WaitLimits, waitFor } from './watch.js';

const STORE_TIMEOUT = 'The token store did not return';

/** A request that is sent with an access token, or without one if nobody is signed in. */
export interface AuthorizedRequest<T> extends WaitLimits {
  send(accessToken: string | undefined): Promise<T>;
  isReplayable: boolean;
}

/** The tokens of a sign-in, as they are. A client shares them with those that `with` makes from it. */
export class TokenHolder {
  readonly #store: TokenStore;

  constructor(store: TokenStore) {
    this.#store = store;
  }

  /** Stores the tokens of a new sign-in. */
  async start(answer: Token | SessionTokens, limits: WaitLimits): Promise<void> {
    await this.save(toTokenSet(answer, Date.now()), limits);
  }

  /** Sends a request with the access token. */
  async authorize<T>({ send, ...limits }: AuthorizedRequest<T>): Promise<T> {
    return send((await this.load(limits))?.accessToken);
  }

  protected async load(limits: WaitLimits): Promise<TokenSet | undefined> {
    return (await waitFor(async () => this.#store.load(), limits, STORE_TIMEOUT)) ?? undefined;
  }

  protected save(tokens: TokenSet, limits: WaitLimits): Promise<void> {
    return waitFor(async () => this.#store.save(tokens), limits, STORE_TIMEOUT);
  }

  protected clear(limits: WaitLimits): Promise<void> {
    return waitFor(async () => this.#store.clear(), limits, STORE_TIMEOUT);
  }
}

export function toTokenSet(answer: Token | SessionTokens, signedInAt: number): TokenSet {
  const expiresAt = Date.now() + answer.expires_in * 1000;
  const refreshToken = 'refresh_token' in answer ? answer.refresh_token : undefined;
  return { accessToken: answer.access_token, refreshToken, expiresAt, signedInAt };
}
