import { ApiError, ConnectionError, TimeoutError } from './errors.js';
import type { SessionTokens } from './generated/models/SessionTokens.js';
import type { Token } from './generated/models/Token.js';
import type { TokenSet, TokenStore } from './token-store.js';

/** How long before it expires an access token is renewed, in milliseconds. */
const AHEAD = 60_000;

/** 401s after which a new access token may help. The server looks at the token first: nothing was done. */
const STALE_CODES: readonly string[] = ['token_expired', 'invalid_token', 'session_ended'];
/** What the server says to a refresh token that will never work again. */
const REFUSAL_CODES: readonly string[] = ['invalid_refresh_token', 'validation_failed'];

/** Asks the server for the next pair. */
export type Exchange = (refreshToken: string) => Promise<SessionTokens>;

/** A task that sends a request with an access token, or without one. */
interface Task<T> {
  run(accessToken: string | undefined): Promise<T>;
  isReplayable: boolean;
  signal: AbortSignal;
}

/** Who is signed in: what clients that were made from one another share. */
export class Session {
  readonly #store: TokenStore;
  readonly #exchange: Exchange;
  /** The refresh that is under way, if one is: all calls wait for the same one. */
  #renewal: Promise<TokenSet | undefined> | undefined;

  constructor(store: TokenStore, exchange: Exchange) {
    this.#store = store;
    this.#exchange = exchange;
  }

  async start(answer: Token | SessionTokens): Promise<void> {
    await this.#store.save(toTokenSet(answer, Date.now()));
  }

  /** Ends with what `signOut` does, unless there is nobody to sign out. */
  async end(signOut: () => Promise<unknown>): Promise<void> {
    const held = await this.#store.load();
    if (!held) return;
    try {
      await signOut();
    } catch (error) {
      if (!isOver(error)) throw error;
    }
    const latest = await this.#store.load();
    // Signed in meanwhile: that stands.
    if (latest?.signedInAt === held.signedInAt) await this.#store.clear();
  }

  /** Runs a task with a token that should count, and once more if it does not and a new one does. */
  async authorize<T>({ run, isReplayable, signal }: Task<T>): Promise<T> {
    const tokens = await this.#current(signal);
    try {
      return await run(tokens?.accessToken);
    } catch (error) {
      if (!tokens?.refreshToken || !isReplayable || !hasCode(error, STALE_CODES)) throw error;
      const renewed = await this.#renew(tokens, signal);
      if (!renewed) throw error;
      return run(renewed.accessToken);
    }
  }

  async #current(signal: AbortSignal): Promise<TokenSet | undefined> {
    const tokens = (await this.#store.load()) ?? undefined;
    const { refreshToken, expiresAt = Number.POSITIVE_INFINITY } = tokens ?? {};
    if (!tokens || !refreshToken || Date.now() < expiresAt - AHEAD) return tokens;
    try {
      return (await this.#renew(tokens, signal)) ?? tokens;
    } catch (error) {
      // For the time that is left, a server that cannot refresh now need not fail the call.
      if (signal.aborted || hasCode(error, REFUSAL_CODES) || Date.now() >= expiresAt) throw error;
      return tokens;
    }
  }

  /** What takes the place of stale tokens; undefined if their session is no longer the one at hand. */
  async #renew(stale: TokenSet, signal: AbortSignal): Promise<TokenSet | undefined> {
    this.#renewal ??= this.#replace(stale).finally(() => {
      this.#renewal = undefined;
    });
    const renewed = await until(this.#renewal, signal);
    // A call that was made as one person is never sent again as another.
    return renewed?.signedInAt === stale.signedInAt ? renewed : undefined;
  }

  async #replace(stale: TokenSet): Promise<TokenSet | undefined> {
    const held = await this.#store.load();
    if (!held?.refreshToken || held.accessToken !== stale.accessToken) return held ?? undefined;
    const renewed = await this.#refresh(held, held.refreshToken);
    const latest = await this.#store.load();
    // Signed out or in meanwhile: that stands.
    if (latest?.refreshToken === held.refreshToken) await this.#store.save(renewed);
    return renewed;
  }

  async #refresh(held: TokenSet, refreshToken: string): Promise<TokenSet> {
    try {
      return toTokenSet(await this.#exchangeSafely(refreshToken), held.signedInAt);
    } catch (error) {
      if (!hasCode(error, REFUSAL_CODES)) throw error;
      const latest = await this.#store.load();
      // Signed in meanwhile, or another program was faster: that stands.
      if (latest && latest.refreshToken !== refreshToken) return latest;
      await this.#store.clear();
      throw error;
    }
  }

  /**
   * If the answer is lost, the token may be spent. It works again only for a moment, so there is one
   * more attempt at once: later, it would look stolen, and end the session.
   */
  async #exchangeSafely(refreshToken: string): Promise<SessionTokens> {
    try {
      return await this.#exchange(refreshToken);
    } catch (error) {
      if (!(error instanceof ConnectionError || error instanceof TimeoutError)) throw error;
      return this.#exchange(refreshToken);
    }
  }
}

function toTokenSet(answer: Token | SessionTokens, signedInAt: number): TokenSet {
  const expiresAt = Date.now() + answer.expires_in * 1000;
  const refreshToken = 'refresh_token' in answer ? answer.refresh_token : undefined;
  return { accessToken: answer.access_token, refreshToken, expiresAt, signedInAt };
}

function hasCode(error: unknown, codes: readonly string[]): boolean {
  return error instanceof ApiError && codes.includes(error.code);
}

/** Whether there is nothing to end: the session is over, or the token is a guest's and has none. */
function isOver(error: unknown): boolean {
  const over = [...STALE_CODES, ...REFUSAL_CODES, 'missing_token', 'insufficient_scope'];
  return hasCode(error, over);
}

/** The promise's outcome, or the signal's reason if that comes first; the promise goes on. */
function until<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
