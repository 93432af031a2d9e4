import { Writable } from 'node:stream';
import { releaseMemory } from '../../../memory.ts';
import { type SumRequest, writeAnswer } from '../answer.ts';
import type { Summation } from '../engine/index.ts';

/**
 * Takes the bytes of a document, and with them the memory of chunks, which are empty afterwards. Fails with a
 * `DocumentFault`.
 */
export interface SumStream extends Writable {
  /** The answer to the request, as JSON, once the stream has finished. */
  readonly answer: string | Buffer;
  /** Number of bytes that were written. */
  readonly bytes: number;
}

export type Done = (error?: Error | null) => void;

/** Scans in the thread that writes. */
export class LocalSumStream extends Writable implements SumStream {
  answer = '';
  bytes = 0;
  readonly #summation: Summation;
  readonly #request: SumRequest;

  constructor(summation: Summation, request: SumRequest) {
    // More than a chunk: each one is read at once, so none has to wait.
    super({ highWaterMark: 128 * 1024 });
    this.#summation = summation;
    this.#request = request;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.bytes += chunk.length;
    finishStep(done, () => {
      this.#summation.write(chunk);
      releaseMemory(chunk);
    });
  }

  override _final(done: Done): void {
    finishStep(done, () => {
      this.answer = writeAnswer(this.#summation.end(), this.#request);
    });
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#summation.close();
    done(error);
  }
}

function finishStep(done: Done, step: () => void): void {
  let fault: Error | undefined;
  try {
    step();
  } catch (error) {
    fault = error as Error;
  }
  done(fault);
}
