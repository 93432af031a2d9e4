import { readAnswer } from './answer.js';
import { type Body, createBody } from './body.js';
import { ConnectionError, TallyError } from './errors.js';
import type { ApiRequestOptions } from './generated/core/ApiRequestOptions.js';
import { BaseHttpRequest } from './generated/core/BaseHttpRequest.js';
import { CancelablePromise } from './generated/core/CancelablePromise.js';
import type { OpenAPIConfig } from './generated/core/OpenAPI.js';
import type { SessionTokens } from './generated/models/SessionTokens.js';
import { OPEN_OPERATIONS } from './generated/openOperations.js';
import { AccountsService } from './generated/services/AccountsService.js';
import type { Settings } from './options.js';
import { isRefusal, retryDelay, sleep } from './retry.js';
import { checkToken } from './token-store.js';
import { buildUrl } from './url.js';
import { createWatch } from './watch.js';

/** Longest standstill of a refresh, in milliseconds: in time for one more while the old token still works. */
const REFRESH_TIMEOUT = 10_000;

/** What stays the same in each attempt of a call. */
interface Call {
  url: string;
  method: string;
  headers: Headers;
  body: Body;
  signal: AbortSignal;
}

/** How the generated services send their requests. */
export class Transport extends BaseHttpRequest {
  readonly #settings: Settings;

  constructor(config: OpenAPIConfig, settings: Settings) {
    super(config);
    this.#settings = settings;
  }

  override request<T>(options: ApiRequestOptions): CancelablePromise<T> {
    return new CancelablePromise((resolve, reject, onCancel) => {
      const controller = new AbortController();
      onCancel(() => controller.abort());
      this.#follow(controller, () => this.#send(options, controller.signal))
        .then((answer) => resolve(answer as T))
        .catch(reject);
    });
  }

  /** Runs a task that ends when the caller's own signal says so. */
  async #follow<T>(controller: AbortController, task: () => Promise<T>): Promise<T> {
    const { signal } = this.#settings;
    signal?.throwIfAborted();
    const abort = () => controller.abort(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await task();
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async #send(options: ApiRequestOptions, signal: AbortSignal): Promise<unknown> {
    const call: Call = {
      url: buildUrl(this.config.BASE, options),
      method: options.method,
      headers: this.#headers(options),
      body: createBody(options.body),
      signal,
    };
    const isOpen = OPEN_OPERATIONS.has(`${options.method} ${options.url}`);
    // The caller's own credentials are the caller's business.
    if (isOpen || call.headers.has('authorization')) return this.#sendCall(call);
    try {
      return await this.#settings.session.authorize({
        run: (accessToken) => this.#sendCall(withToken(call, accessToken)),
        isReplayable: call.body.isReplayable,
        signal,
      });
    } finally {
      // There may have been no attempt.
      call.body.close();
    }
  }

  async #sendCall(call: Call): Promise<unknown> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#attempt(call);
      } catch (error) {
        const mayRetry = attempt < this.#settings.retries && call.body.isReplayable;
        const delay = mayRetry
          ? retryDelay(error, attempt, call.headers.has('idempotency-key'))
          : undefined;
        if (delay === undefined) throw error;
        await sleep(delay, call.signal);
      }
    }
  }

  async #attempt({ url, method, headers, body, signal }: Call): Promise<unknown> {
    const { fetch, timeout } = this.#settings;
    const watch = createWatch(timeout, body.size ?? 0, signal);
    const init = {
      method,
      headers,
      body: body.open(watch.touch),
      duplex: 'half',
      // The token is the only credential. With cookies, fetch would hide a 401 to a stream.
      credentials: 'omit',
      signal: watch.signal,
    };
    try {
      const response = await fetch(url, init as RequestInit);
      watch.touch();
      return await readAnswer(response);
    } catch (error) {
      watch.signal.throwIfAborted();
      if (body.failure) throw body.failure.reason;
      if (error instanceof TallyError) throw error;
      const message = isRefusal(error) ? 'refuses connections' : 'gave no whole answer';
      throw new ConnectionError(`${new URL(url).origin} ${message}.`, { cause: error });
    } finally {
      watch.stop();
      body.close();
    }
  }

  #headers({ headers, mediaType, body }: ApiRequestOptions): Headers {
    const all = new Headers({ accept: 'application/json, application/problem+json' });
    for (const [name, value] of this.#settings.headers) all.set(name, value);
    for (const [name, value] of Object.entries(headers ?? {})) {
      if (value !== undefined && value !== null) all.set(name, String(value));
    }
    if (body !== undefined && mediaType) all.set('content-type', mediaType);
    return all;
  }
}

function withToken(call: Call, accessToken: string | undefined): Call {
  if (accessToken === undefined) return call;
  const headers = new Headers(call.headers);
  headers.set('authorization', `Bearer ${checkToken(accessToken)}`);
  return { ...call, headers };
}

/** With `settings` of the client as it was made: the calls that wait for it have others. */
export function refreshSession(settings: Settings, refreshToken: string): Promise<SessionTokens> {
  const timeout = Math.min(settings.timeout, REFRESH_TIMEOUT);
  const config = { BASE: settings.baseUrl } as OpenAPIConfig;
  const transport = new Transport(config, { ...settings, timeout });
  const requestBody = { refresh_token: refreshToken };
  return new AccountsService(transport).refreshSession({ requestBody });
}
