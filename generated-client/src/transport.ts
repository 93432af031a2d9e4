import { type Answer, type Request, sendAttempt, type TransportOptions } from './attempt.js';
import { createBody } from './body.js';
import type { WithResponse } from './call.js';
import { ApiError } from './errors.js';
import { type HeadersInput, mergeHeaders } from './headers.js';
import type { Operation } from './operation.js';
import type { Settings } from './options.js';
import { randomHex } from './random-hex.js';
import { mayBeProcessed, type Repetition, retryDelay, sleep } from './retry.js';
import type { Body } from './stream-body.js';
import { checkToken } from './token-store.js';
import { traceTo } from './trace.js';
import { buildUrl } from './url.js';
import { NEVER_ABORTED, waitFor } from './watch.js';

export type { TransportOptions } from './attempt.js';

const HOOK_TIMEOUT = 'A hook did not return';

const JSON_TYPE = 'application/json';

/** Sends the request of an operation. */
export class Transport {
  readonly #settings: Settings;
  readonly #options: TransportOptions;

  constructor(settings: Settings, options: TransportOptions = {}) {
    this.#settings = settings;
    this.#options = options;
  }

  /** Returns the content of the answer with its status and headers. */
  async send<Result>(operation: Operation<Result>): Promise<WithResponse<Result>> {
    const caller = new Error();
    try {
      const { value, response } = await this.#send(operation);
      const { status, headers } = response;
      return { data: value as Result, response: { status, headers } };
    } catch (error) {
      throw error === this.#settings.signal?.reason ? error : traceTo(error, caller);
    }
  }

  async #send(operation: Operation<unknown>): Promise<Answer> {
    const { signal = NEVER_ABORTED, tokens, timeout, baseUrl } = this.#settings;
    const body = this.#options.body ?? createBody(operation.body);
    try {
      if (signal.aborted) throw signal.reason;
      const request: Request = {
        url: buildUrl(baseUrl, operation),
        method: operation.method,
        headers: this.#headers(operation, body),
        body,
        operation,
        repetition: repetitionOf(operation),
        signal,
        progress: { attempts: 0, mayBeProcessed: false },
      };
      // An authorization header of the caller replaces the session's token.
      if (operation.isOpen || request.headers.has('authorization')) {
        return await this.#sendRequest(request);
      }
      return await tokens.authorize({
        send: (accessToken) => this.#sendRequest(withToken(request, accessToken)),
        isReplayable: body.isReplayable,
        signal,
        timeout,
      });
    } finally {
      // Needed if there was no attempt.
      body.close();
    }
  }

  async #sendRequest(request: Request): Promise<Answer> {
    const { onRequest, onResponse, retries, timeout } = this.#settings;
    const { operation, progress, signal } = request;
    const { method, url: path } = operation;
    const run = <T>(hook: () => T) =>
      waitFor(async () => hook(), { timeout, signal }, HOOK_TIMEOUT);
    for (let retry = 0; ; retry++) {
      const start = { operation: `${method} ${path}`, method, path, attempt: ++progress.attempts };
      const added = onRequest && (await run(() => onRequest(start)));
      const startedAt = performance.now();
      const { answer, error } = await this.#attempt(added ? withHeaders(request, added) : request);
      const mayRetry = !answer && retry < retries && request.body.isReplayable;
      const delay = mayRetry ? retryDelay(error, retry, request.repetition) : undefined;
      try {
        const duration = performance.now() - startedAt;
        const response = error instanceof ApiError ? error : answer?.response;
        const requestId = response?.headers.get('x-request-id') ?? undefined;
        const { status } = response ?? {};
        const end = { ...start, status, requestId, duration, error, retryDelay: delay };
        await run(() => onResponse?.(end));
      } catch (reason) {
        // A stream is not handed over. The call fails anyway, so a failure to cancel does not matter.
        (answer?.value as Partial<ReadableStream> | undefined)?.cancel?.().catch(() => undefined);
        throw reason;
      }
      if (answer) return answer;
      if (delay === undefined) throw error;
      await sleep(delay, signal);
    }
  }

  async #attempt(request: Request): Promise<{ answer?: Answer; error?: unknown }> {
    const { progress, method } = request;
    try {
      return { answer: await sendAttempt(request, this.#settings, this.#options) };
    } catch (error) {
      // An earlier attempt has deleted it.
      if (method === 'DELETE' && progress.mayBeProcessed && isGone(error)) {
        return { answer: { value: undefined, response: error, ended: Promise.resolve() } };
      }
      progress.mayBeProcessed ||= mayBeProcessed(error);
      return { error };
    }
  }

  #headers(operation: Operation<unknown>, body: Body): Headers {
    const { fileTypes = [JSON_TYPE], mediaType = JSON_TYPE, isKeyed } = operation;
    const accept = [...fileTypes, 'application/problem+json'].join(', ');
    const defaults = new Headers({ accept });
    const type = body.mediaType ?? (operation.body === undefined ? undefined : mediaType);
    const given = mergeHeaders(this.#settings.headers, operation.headers as HeadersInput);
    const all = mergeHeaders(defaults, given);
    if (type) all.set('content-type', type);
    // One for all attempts of a call.
    if (isKeyed && !all.has('idempotency-key')) all.set('idempotency-key', randomHex());
    return all;
  }
}

/** Deleting twice is harmless where an id names the thing, because ids are not given twice. */
function repetitionOf({ method, url, isKeyed }: Operation<unknown>): Repetition {
  if (/^GET |^DELETE .*\{(\w+_)?id\}$/.test(`${method} ${url}`)) return 'harmless';
  return isKeyed ? 'recognised' : 'risky';
}

function withToken(request: Request, accessToken: string | undefined): Request {
  if (accessToken === undefined) return request;
  return withHeaders(request, { authorization: `Bearer ${checkToken(accessToken)}` });
}

function withHeaders(request: Request, headers: HeadersInput): Request {
  return { ...request, headers: mergeHeaders(request.headers, headers) };
}

function isGone(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 404 && /._not_found$/.test(error.code);
}
