import { ApiError, ConnectionError, TimeoutError } from './errors.js';
import type { SessionTokens } from './generated/models/SessionTokens.js';
import type { Token } from './generated/models/Token.js';
import type { TokenSet, TokenStore } from './token-store.js';
import { createWatch } from './watch.js';

/** How long before it expires an access token is renewed, in milliseconds. */
const AHEAD = 60_000;

/** 401s after which a new access token may help. The server looks at the token first: nothing was done. */
const STALE_CODES: readonly string[] = ['token_expired', 'invalid_token', 'session_ended'];
/** What the server says to a refresh token that will never work again. */
const REFUSAL_CODES: readonly string[] = ['invalid_refresh_token', 'validation_failed'];

const STORE_COMPLAINT = 'The token store did not answer';

/** Asks the server for the next pair. */
export type Exchange = (refreshToken: string) => Promise<SessionTokens>;

/** What bounds the waiting of a call for the token store, and for a refresh that others share. */
export interface Patience {
  /** In milliseconds. */
  timeout: number;
  signal: AbortSignal;
}

/** A task that sends a request with an access token, or without one. */
interface Task<T> extends Patience {
  run(accessToken: string | undefined): Promise<T>;
  isReplayable: boolean;
}

/** Who is signed in: what clients that were made from one another share. */
export class Session {
  readonly #store: TokenStore;
  readonly #exchange: Exchange;
  /** The refresh that is under way, if one is: all calls wait for the same one. */
  #renewal: Promise<TokenSet | undefined> | undefined;
  /** Renewed tokens that the store has not taken yet, and the refresh token that they replace, which is spent. */
  #unsaved: { tokens: TokenSet; replaced: string } | undefined;
  /** Of the client as it was made, for what calls share. */
  readonly #patience: Patience;

  constructor(store: TokenStore, exchange: Exchange, timeout: number) {
    this.#store = store;
    this.#exchange = exchange;
    this.#patience = { timeout, signal: new AbortController().signal };
  }

  async start(answer: Token | SessionTokens, patience: Patience): Promise<void> {
    const tokens = toTokenSet(answer, Date.now());
    await this.#save(tokens, patience);
  }

  /** Ends with what `signOut` does, unless there is nobody to sign out. */
  async end(signOut: () => Promise<unknown>, patience: Patience): Promise<void> {
    const held = await this.#load(patience);
    if (!held) return;
    try {
      await signOut();
    } catch (error) {
      if (!isOver(error)) throw error;
    }
    const latest = await this.#load(patience);
    // Signed in meanwhile: that stands.
    if (latest?.signedInAt === held.signedInAt) await this.#clear(patience);
  }

  /** Runs a task with a token that should count, and once more if it does not and a new one does. */
  async authorize<T>({ run, isReplayable, ...patience }: Task<T>): Promise<T> {
    const tokens = await this.#current(patience);
    try {
      return await run(tokens?.accessToken);
    } catch (error) {
      if (!tokens?.refreshToken || !isReplayable || !hasCode(error, STALE_CODES)) throw error;
      const renewed = await this.#renew(tokens, patience);
      if (!renewed) throw error;
      return run(renewed.accessToken);
    }
  }

  async #current(patience: Patience): Promise<TokenSet | undefined> {
    const tokens = await this.#load(patience);
    const { refreshToken, expiresAt = Number.POSITIVE_INFINITY } = tokens ?? {};
    if (!tokens || !refreshToken) return tokens;
    if (Date.now() < expiresAt - AHEAD && refreshToken !== this.#unsaved?.replaced) return tokens;
    try {
      return (await this.#renew(tokens, patience)) ?? tokens;
    } catch (error) {
      // For the time that is left, a server that cannot refresh now need not fail the call.
      if (patience.signal.aborted || hasCode(error, REFUSAL_CODES) || Date.now() >= expiresAt)
        throw error;
      return tokens;
    }
  }

  /** What takes the place of stale tokens; undefined if their session is no longer the one at hand. */
  async #renew(stale: TokenSet, patience: Patience): Promise<TokenSet | undefined> {
    this.#renewal ??= this.#replace(stale).finally(() => {
      this.#renewal = undefined;
    });
    const renewal = this.#renewal;
    const renewed = await until(() => renewal, patience, 'The refresh did not end');
    // A call that was made as one person is never sent again as another.
    return renewed?.signedInAt === stale.signedInAt ? renewed : undefined;
  }

  async #replace(stale: TokenSet): Promise<TokenSet | undefined> {
    const held = await this.#settle();
    if (!held?.refreshToken || held.accessToken !== stale.accessToken) return held;
    const renewed = await this.#refresh(held, held.refreshToken);
    await this.#settle();
    return renewed;
  }

  /** Loads the tokens, and saves before that those that the store has not taken yet. */
  async #settle(): Promise<TokenSet | undefined> {
    const held = await this.#load(this.#patience);
    const unsaved = this.#unsaved;
    // Signed out or in meanwhile: that stands.
    const isCurrent = unsaved !== undefined && held?.refreshToken === unsaved.replaced;
    if (isCurrent) await this.#save(unsaved.tokens, this.#patience);
    this.#unsaved = undefined;
    return isCurrent ? unsaved.tokens : held;
  }

  async #refresh(held: TokenSet, refreshToken: string): Promise<TokenSet> {
    try {
      const tokens = toTokenSet(await this.#exchangeSafely(refreshToken), held.signedInAt);
      this.#unsaved = { tokens, replaced: refreshToken };
      return tokens;
    } catch (error) {
      if (!hasCode(error, REFUSAL_CODES)) throw error;
      const latest = await this.#load(this.#patience);
      // Signed in meanwhile, or another program was faster: that stands.
      if (latest && latest.refreshToken !== refreshToken) return latest;
      await this.#clear(this.#patience);
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
      if (!isLost(error)) throw error;
      return this.#exchange(refreshToken);
    }
  }

  async #load(patience: Patience): Promise<TokenSet | undefined> {
    return (await until(async () => this.#store.load(), patience, STORE_COMPLAINT)) ?? undefined;
  }

  #save(tokens: TokenSet, patience: Patience): Promise<void> {
    return until(async () => this.#store.save(tokens), patience, STORE_COMPLAINT);
  }

  #clear(patience: Patience): Promise<void> {
    return until(async () => this.#store.clear(), patience, STORE_COMPLAINT);
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

/** Whether the server may have done its work without telling the result. */
function isLost(error: unknown): boolean {
  if (error instanceof ConnectionError || error instanceof TimeoutError) return true;
  const isUnusable = error instanceof ApiError && error.status >= 200 && error.status < 300;
  return isUnusable || hasCode(error, ['outcome_unknown']);
}

/** Whether there is nothing to end: the session is over, or the token is a guest's and has none. */
function isOver(error: unknown): boolean {
  const over = [...STALE_CODES, ...REFUSAL_CODES, 'missing_token', 'insufficient_scope'];
  return hasCode(error, over);
}

/** The task's outcome, unless the call is aborted or times out before; the task goes on. */
function until<T>(task: () => Promise<T>, patience: Patience, complaint: string): Promise<T> {
  const watch = createWatch(patience.timeout, 0, patience.signal, complaint);
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(watch.signal.reason);
    if (watch.signal.aborted) return stop();
    watch.signal.addEventListener('abort', stop, { once: true });
    task().then(resolve, reject);
  }).finally(watch.stop);
}
