import type { Body } from './body.js';
import { tagOf } from './tag.js';

/** Longest time that a source may keep the runtime from everything else, in milliseconds. */
const LONGEST_TURN = 50;

/** How much of a request's body has been handed to the connection, in bytes. */
export interface UploadProgress {
  loaded: number;
  /** Undefined where the file is a stream. */
  total: number | undefined;
}

export type ProgressListener = (progress: UploadProgress) => void;

export interface UploadOptions {
  /** What is sent before and after the stream. */
  before?: string;
  after?: string;
  /** Of all of it, in bytes. */
  total?: number;
  mediaType?: string | undefined;
  onProgress?: ProgressListener | undefined;
}

/**
 * A stream as a body. It can be sent only once: some runtimes read from it before they are connected.
 * When the call is over, what is left of it is cancelled.
 */
export function createUpload(
  source: ReadableStream<Uint8Array>,
  options: UploadOptions = {},
): Body {
  const { before = '', after = '', total, mediaType, onProgress } = options;
  if (source.locked) throw new TypeError('The stream is locked: something else reads it already.');
  if (!canStreamUp()) {
    throw new TypeError('This runtime cannot send a stream. Send a Blob, a File or bytes instead.');
  }
  const reader = source.getReader();
  let closed = false;
  let failure: { reason: unknown } | undefined;
  let loaded = 0;

  function give(controller: ReadableStreamDefaultController, chunk: Uint8Array) {
    loaded += chunk.byteLength;
    controller.enqueue(chunk);
    onProgress?.({ loaded, total });
  }

  async function pull(controller: ReadableStreamDefaultController, touch: () => void) {
    try {
      if (before && loaded === 0) return give(controller, encode(before));
      const { done, value } = await reader.read();
      if (closed) return;
      touch();
      if (done) {
        if (after) give(controller, encode(after));
        return controller.close();
      }
      if (tagOf(value) !== 'Uint8Array') {
        throw new TypeError('The stream has a chunk that is not a Uint8Array.');
      }
      give(controller, value);
    } catch (reason) {
      failure ??= { reason };
      throw reason;
    }
  }

  function close(): void {
    closed = true;
    // The call is over: how the source takes the news changes nothing.
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
      const giveWay = createGiveWay();
      return new ReadableStream(
        {
          async pull(controller) {
            await giveWay();
            await pull(controller, touch);
          },
          cancel: close,
        },
        // No chunk is fetched ahead.
        { highWaterMark: 0 },
      );
    },
    close,
  };
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/**
 * A source that has its bytes at hand never waits, and neither does a fast connection: then no timer
 * would run, and no answer be read, before the last byte is sent.
 */
function createGiveWay(): () => Promise<void> {
  let lastTurn = performance.now();
  return async () => {
    if (performance.now() - lastTurn < LONGEST_TURN) return;
    await new Promise((resolve) => setTimeout(resolve));
    lastTurn = performance.now();
  };
}

let streamsUp: boolean | undefined;

/** A runtime without upload streams would send the words "[object ReadableStream]", as text. */
function canStreamUp(): boolean {
  if (streamsUp !== undefined) return streamsUp;
  const init = { method: 'POST', body: new ReadableStream(), duplex: 'half' };
  const { headers } = new Request('http://localhost', init as RequestInit);
  streamsUp = !headers.has('content-type');
  return streamsUp;
}
