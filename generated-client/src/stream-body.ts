import { type ByteStream, type StreamReader, tagOf } from './kinds.js';

/** Longest time for which a source may block the event loop, in milliseconds. */
const MAX_TURN_MS = 50;

export type BodyInit = NonNullable<RequestInit['body']>;

/** The body of a request. `open` is called once for each attempt, `close` when that attempt is over. */
export interface Body {
  /** Bytes or, for text, characters, which is close enough; undefined for a stream. */
  readonly size: number | undefined;
  /** True if it can be sent again. */
  readonly isReplayable: boolean;
  /** Replaces the media type of the operation: that of a form names the boundary. */
  readonly mediaType?: string | undefined;
  /** `touch` is called for each chunk that is read from a stream. */
  open(touch: () => void): BodyInit | undefined;
  /** The error that the stream threw, if it did. */
  readonly failure?: { reason: unknown } | undefined;
  close(): void;
}

/** The part of a request's body that the connection has accepted so far, in bytes. */
export interface UploadProgress {
  loaded: number;
  /** Undefined where the file is a stream. */
  total: number | undefined;
}

export type ProgressListener = (progress: UploadProgress) => void;

export interface StreamBodyOptions {
  /** Text to send before and after the stream. */
  before?: string;
  after?: string;
  /** Size of the whole body, in bytes. */
  total?: number;
  mediaType?: string | undefined;
  onProgress?: ProgressListener | undefined;
}

/**
 * Makes a body of a stream. It can be sent only once: some runtimes read from it before they are connected.
 * The rest of the stream is cancelled when the call is over.
 */
export function createStreamBody(source: ByteStream, options: StreamBodyOptions = {}): Body {
  const { before = '', after = '', total, mediaType, onProgress } = options;
  if ('locked' in source && source.locked) throw new TypeError('The stream is being read already.');
  if (!supportsUploadStreams()) {
    throw new TypeError('This runtime cannot send a stream. Send a Blob or bytes.');
  }
  const reader = readerOf(source);
  let closed = false;
  let failure: { reason: unknown } | undefined;
  let loaded = 0;

  function enqueue(controller: ReadableStreamDefaultController, chunk: Uint8Array) {
    loaded += chunk.byteLength;
    controller.enqueue(chunk);
    onProgress?.({ loaded, total });
  }

  async function pull(controller: ReadableStreamDefaultController, touch: () => void) {
    try {
      if (before && loaded === 0) return enqueue(controller, encode(before));
      const { done, value } = await reader.read();
      if (closed) return;
      touch();
      if (done) {
        if (after) enqueue(controller, encode(after));
        return controller.close();
      }
      if (tagOf(value) !== 'Uint8Array') {
        throw new TypeError('A chunk of the stream is not a Uint8Array.');
      }
      enqueue(controller, value as Uint8Array);
    } catch (reason) {
      failure ??= { reason };
      throw reason;
    }
  }

  function close(): void {
    closed = true;
    // The call is over, so a failure to cancel does not matter.
    reader.cancel().catch(() => undefined);
  }

  return {
    size: undefined,
    isReplayable: false,
    mediaType,
    get failure() {
      return failure;
    },
    open(touch) {
      const yieldSometimes = createYielder();
      return new ReadableStream(
        {
          async pull(controller) {
            await yieldSometimes();
            await pull(controller, touch);
          },
          cancel: close,
        },
        // No chunk is read ahead.
        { highWaterMark: 0 },
      );
    },
    close,
  };
}

function readerOf(source: ByteStream): StreamReader {
  if ('getReader' in source) return source.getReader();
  const iterator = source[Symbol.asyncIterator]();
  return {
    read: async () => iterator.next(),
    async cancel() {
      // A stream of Node that waits for data would not return before it gets some.
      (source as { destroy?(): void }).destroy?.();
      await iterator.return?.();
    },
  };
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/**
 * Yields to the event loop now and then. A source that never waits and a fast connection would otherwise run no
 * timer, and read no answer, before the last byte is sent.
 */
function createYielder(): () => Promise<void> {
  let lastYield = performance.now();
  return async () => {
    if (performance.now() - lastYield < MAX_TURN_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    lastYield = performance.now();
  };
}

let hasUploadStreams: boolean | undefined;

/** A runtime without upload streams would send the text "[object ReadableStream]". */
function supportsUploadStreams(): boolean {
  if (hasUploadStreams !== undefined) return hasUploadStreams;
  const init = { method: 'POST', body: new ReadableStream(), duplex: 'half' };
  const { headers } = new Request('http://localhost', init as RequestInit);
  hasUploadStreams = !headers.has('content-type');
  return hasUploadStreams;
}
