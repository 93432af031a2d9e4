import type { HeadersInput } from './headers.js';

/**
 * An attempt of a call that is about to be sent. It holds nothing that the caller sent: no token, body, query or value in
 * the path.
 */
export interface AttemptStart {
  /** Method and path template, such as `GET /products/{id}`. */
  operation: string;
  method: string;
  /** The path with the names of its parameters, without the path of `baseUrl`. */
  path: string;
  /** Number of the attempt within the call, from 1. */
  attempt: number;
}

/** An attempt that is over. */
export interface AttemptEnd extends AttemptStart {
  /** The HTTP status; undefined without an answer. */
  status: number | undefined;
  /** The id of the request in the log of the server. */
  requestId: string | undefined;
  /** Milliseconds until the answer was read or, for a stream, began. */
  duration: number;
  /** The error of this attempt; undefined if it succeeded. */
  error: unknown;
  /** Milliseconds until the request is repeated because of the error; undefined if it is not. */
  retryDelay: number | undefined;
}

export interface Hooks {
  /** Called before each attempt, also those of refreshing a session. It may return headers to add, such as `traceparent`. */
  onRequest?:
    | ((
        attempt: AttemptStart,
      ) => HeadersInput | void | Promise<HeadersInput | undefined> | Promise<void>)
    | undefined;
  /** Called after each attempt. */
  onResponse?: ((attempt: AttemptEnd) => void | Promise<void>) | undefined;
}
