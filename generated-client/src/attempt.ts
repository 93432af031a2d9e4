import { type Content, readAnswer } from './answer.js';
import { isRedirect, mediaTypeOf, unexpected } from './answer-errors.js';
import type { CallResponse } from './call.js';
import { toConnectionError } from './connection.js';
import { type ReadLimits, readBlob } from './download.js';
import { TallyError } from './errors.js';
import type { Operation } from './operation.js';
import type { Settings } from './options.js';
import type { Repetition } from './retry.js';
import type { Body } from './stream-body.js';
import { createWatch, type Watch } from './watch.js';

/** Replaces parts of the transport. Only the resources that need them are bundled with them. */
export interface TransportOptions {
  /** Checks the content of a successful answer. */
  accepts?: (content: unknown) => boolean;
  /** Replaces the body of the operation. */
  body?: Body;
  /** Makes the `fetch` of an attempt, which calls `touch` at each progress. */
  createFetch?: (touch: () => void, settings: Settings) => typeof globalThis.fetch;
  /** Reads a file in another way than as a blob. */
  openFile?: (
    response: Response,
    watch: Watch,
    toError: (error: unknown) => unknown,
  ) => Omit<Answer, 'response'>;
}

/** The part of a request that all of its attempts share. */
export interface Request {
  url: string;
  method: string;
  headers: Headers;
  body: Body;
  operation: Operation<unknown>;
  repetition: Repetition;
  signal: AbortSignal;
  progress: {
    attempts: number;
    /** True if the server may have processed an earlier attempt. */
    mayBeProcessed: boolean;
  };
}

export interface Answer {
  value: unknown;
  response: CallResponse;
  /** Fulfilled after the last byte. */
  ended: Promise<void>;
}

/**
 * Sends a request once, and reads the answer.
 *
 * @throws {TallyError} and, as they are, the reason of the signal and errors of the body's source and listener.
 */
export async function sendAttempt(
  request: Request,
  settings: Settings,
  options: TransportOptions,
): Promise<Answer> {
  const { url, method, headers, body, signal } = request;
  const { timeout, maxResponseBytes } = settings;
  const watch = createWatch(timeout, body.size ?? 0, signal);
  const toError = (error: unknown) => {
    if (watch.signal.aborted) return watch.signal.reason;
    if (body.failure) return body.failure.reason;
    return error instanceof TallyError ? error : toConnectionError(url, error);
  };
  const fetch = options.createFetch?.(watch.touch, settings) ?? settings.fetch;
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
    const limits = { watch, maxResponseBytes };
    const answer = await read(response, request.operation, limits, { ...options, toError });
    answer.ended.then(watch.stop);
    return answer;
  } catch (error) {
    watch.stop();
    throw toError(error);
  } finally {
    body.close();
  }
}

interface ReadOptions extends TransportOptions {
  toError(error: unknown): unknown;
}

async function read(
  response: Response,
  operation: Operation<unknown>,
  limits: ReadLimits,
  { accepts, openFile, toError }: ReadOptions,
): Promise<Answer> {
  const ended = Promise.resolve();
  const isFile = response.ok && operation.fileTypes?.includes(mediaTypeOf(response));
  if (!isFile || isRedirect(response)) {
    const value = await readAnswer(response, contentOf(operation), limits);
    if (accepts?.(value) === false) throw unexpected(response);
    return { value, response, ended };
  }
  const opened = openFile?.(response, limits.watch, toError);
  return { ...(opened ?? { value: await readBlob(response, limits), ended }), response };
}

function contentOf({ fileTypes, isEmpty }: Operation<unknown>): Content {
  if (fileTypes) return 'file';
  return isEmpty ? 'nothing' : 'json';
}
