import { type Content, readAnswer } from './answer.js';
import { isRedirect, mediaTypeOf, unexpected } from './answer-errors.js';
import { createBody } from './body.js';
import { openDownload, type ReadLimits, readBlob } from './download.js';
import { ConnectionError, TallyError } from './errors.js';
import { createForm } from './form.js';
import type { ApiRequestOptions } from './generated/core/ApiRequestOptions.js';
import { BaseHttpRequest } from './generated/core/BaseHttpRequest.js';
import { CancelablePromise } from './generated/core/CancelablePromise.js';
import type { OpenAPIConfig } from './generated/core/OpenAPI.js';
import type { SessionTokens } from './generated/models/SessionTokens.js';
import {
  EMPTY_OPERATIONS,
  FILE_OPERATIONS,
  KEYED_OPERATIONS,
  OPEN_OPERATIONS,
} from './generated/operations.js';
import { AccountsService } from './generated/services/AccountsService.js';
import { isStream } from './kinds.js';
import type { Settings } from './options.js';
import { randomHex } from './random-hex.js';
import { isRefusal, type Repetition, retryDelay, sleep } from './retry.js';
import type { Body, ProgressListener, UploadProgress } from './stream-body.js';
import { checkToken, isSessionTokens } from './token-store.js';
import { buildUrl } from './url.js';
import { createWatch } from './watch.js';
import { createXhrFetch, hasXhr, ListenerFailure } from './xhr.js';

/** Time-out of a refresh, short enough for one more attempt while the server still accepts the old token. */
const REFRESH_TIMEOUT_MS = 10_000;

export interface TransportOptions {
  /** Called with the progress of uploading a form. */
  onProgress?: ProgressListener | undefined;
  /** Returns files as streams instead of blobs. */
  streamsFiles?: boolean;
  /** Checks the content of a successful answer. */
  accepts?: (content: unknown) => boolean;
}

/** The part of a call that all of its attempts share. */
interface Call {
  url: string;
  method: string;
  headers: Headers;
  body: Body;
  /** Media types of the file that is the answer; empty for other answers. */
  fileTypes: readonly string[];
  expected: Content;
  repetition: Repetition;
  /** Listener for which an XMLHttpRequest is sent instead of a `fetch`. */
  xhrListener: ProgressListener | undefined;
  signal: AbortSignal;
}

interface Answer {
  value: unknown;
  /** Fulfilled after the last byte. */
  ended: Promise<void>;
}

/** Sends the requests of the generated services. */
export class Transport extends BaseHttpRequest {
  readonly #settings: Settings;
  readonly #options: TransportOptions;

  constructor(settings: Settings, options: TransportOptions = {}) {
    super({ BASE: settings.baseUrl } as OpenAPIConfig);
    this.#settings = settings;
    this.#options = options;
  }

  override request<T>(options: ApiRequestOptions): CancelablePromise<T> {
    return new CancelablePromise((resolve, reject, onCancel) => {
      const controller = new AbortController();
      onCancel(() => controller.abort());
      this.#linkSignal(controller, () => this.#send(options, controller.signal))
        .then((value) => resolve(value as T))
        .catch(reject);
    });
  }

  /** Runs a task, and aborts it with the caller's own signal. */
  async #linkSignal(controller: AbortController, task: () => Promise<Answer>): Promise<unknown> {
    const { signal } = this.#settings;
    const abort = () => controller.abort(signal?.reason);
    if (signal?.aborted) abort();
    const release = () => signal?.removeEventListener('abort', abort);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      const { value, ended } = await task();
      ended.then(release);
      return value;
    } catch (error) {
      release();
      throw error;
    }
  }

  async #send(options: ApiRequestOptions, signal: AbortSignal): Promise<Answer> {
    const { formData, method } = options;
    const operation = operationOf(options);
    const fileTypes = FILE_OPERATIONS.get(operation) ?? [];
    const { onProgress } = this.#options;
    // An XMLHttpRequest cannot send streams, and must not bypass the caller's own fetch.
    const isByXhr = hasXhr && formData !== undefined && !Object.values(formData).some(isStream);
    const listener = isByXhr ? undefined : onProgress;
    const body = formData ? createForm(formData, listener) : createBody(options.body);
    try {
      signal.throwIfAborted();
      const call: Call = {
        url: buildUrl(this.config.BASE, options),
        method,
        headers: this.#headers(options, body, fileTypes),
        body,
        fileTypes,
        expected: contentOf(operation),
        repetition: repetitionOf(operation),
        xhrListener: isByXhr && !this.#settings.hasCustomFetch ? onProgress : undefined,
        signal,
      };
      // An authorization header of the caller replaces the session's token.
      if (OPEN_OPERATIONS.has(operation) || call.headers.has('authorization')) {
        return await this.#sendCall(call);
      }
      return await this.#settings.session.authorize({
        send: (accessToken) => this.#sendCall(withToken(call, accessToken)),
        isReplayable: body.isReplayable,
        signal,
        timeout: this.#settings.timeout,
      });
    } finally {
      // Needed if there was no attempt.
      body.close();
    }
  }

  async #sendCall(call: Call): Promise<Answer> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#attempt(call);
      } catch (error) {
        const mayRetry = attempt < this.#settings.retries && call.body.isReplayable;
        const delay = mayRetry ? retryDelay(error, attempt, call.repetition) : undefined;
        if (delay === undefined) throw error;
        await sleep(delay, call.signal);
      }
    }
  }

  async #attempt(call: Call): Promise<Answer> {
    const { url, method, headers, body, xhrListener, signal } = call;
    const { maxResponseBytes } = this.#settings;
    const watch = createWatch(this.#settings.timeout, body.size ?? 0, signal);
    const toError = (error: unknown) => {
      if (watch.signal.aborted) return watch.signal.reason;
      if (body.failure) return body.failure.reason;
      if (error instanceof ListenerFailure) return error.reason;
      if (error instanceof TallyError) return error;
      const message = isRefusal(error) ? 'refuses connections' : 'sent no complete answer';
      return new ConnectionError(`${new URL(url).origin} ${message}.`, { cause: error });
    };
    const listen = (progress: UploadProgress) => {
      watch.touch();
      xhrListener?.(progress);
    };
    const fetch = xhrListener ? createXhrFetch(listen, maxResponseBytes) : this.#settings.fetch;
    try {
      const init = {
        method,
        headers,
        body: body.open(watch.touch),
        duplex: 'half',
        // The token is the only credential. If cookies were sent, fetch would hide a 401 to a stream.
        credentials: 'omit',
        // Following would send the body to any host that the answer names.
        redirect: 'manual',
        signal: watch.signal,
      };
      const response = await fetch(url, init as RequestInit);
      watch.touch();
      const answer = await this.#read(response, call, { watch, maxResponseBytes }, toError);
      answer.ended.then(watch.stop);
      return answer;
    } catch (error) {
      watch.stop();
      throw toError(error);
    } finally {
      body.close();
    }
  }

  async #read(
    response: Response,
    { fileTypes, expected }: Call,
    limits: ReadLimits,
    toError: (error: unknown) => unknown,
  ): Promise<Answer> {
    const ended = Promise.resolve();
    const isFile = response.ok && fileTypes.includes(mediaTypeOf(response));
    if (!isFile || isRedirect(response)) {
      const value = await readAnswer(response, expected, limits);
      if (this.#options.accepts?.(value) === false) throw unexpected(response);
      return { value, ended };
    }
    if (this.#options.streamsFiles) return openDownload(response, limits.watch, toError);
    return { value: await readBlob(response, limits), ended };
  }

  #headers(options: ApiRequestOptions, body: Body, fileTypes: readonly string[]): Headers {
    const accepted = fileTypes.length > 0 ? fileTypes : ['application/json'];
    const all = new Headers({ accept: [...accepted, 'application/problem+json'].join(', ') });
    for (const [name, value] of this.#settings.headers) all.set(name, value);
    for (const [name, value] of Object.entries(options.headers ?? {})) {
      if (value !== undefined && value !== null) all.set(name, String(value));
    }
    const mediaType =
      body.mediaType ?? (options.body === undefined ? undefined : options.mediaType);
    if (mediaType) all.set('content-type', mediaType);
    // One for all attempts of a call.
    if (KEYED_OPERATIONS.has(operationOf(options)) && !all.has('idempotency-key')) {
      all.set('idempotency-key', randomHex());
    }
    return all;
  }
}

function operationOf({ method, url }: ApiRequestOptions): string {
  return `${method} ${url}`;
}

function contentOf(operation: string): Content {
  if (FILE_OPERATIONS.has(operation)) return 'file';
  return EMPTY_OPERATIONS.has(operation) ? 'nothing' : 'json';
}

function repetitionOf(operation: string): Repetition {
  if (operation.startsWith('GET ')) return 'harmless';
  return KEYED_OPERATIONS.has(operation) ? 'recognised' : 'risky';
}

function withToken(call: Call, accessToken: string | undefined): Call {
  if (accessToken === undefined) return call;
  const headers = new Headers(call.headers);
  headers.set('authorization', `Bearer ${checkToken(accessToken)}`);
  return { ...call, headers };
}

/** Exchanges a refresh token, with the settings of the client as it was created: calls that share it differ in theirs. */
export function refreshSession(settings: Settings, refreshToken: string): Promise<SessionTokens> {
  const timeout = Math.min(settings.timeout, REFRESH_TIMEOUT_MS);
  const transport = new Transport({ ...settings, timeout }, { accepts: isSessionTokens });
  const requestBody = { refresh_token: refreshToken };
  return new AccountsService(transport).refreshSession({ requestBody });
}
