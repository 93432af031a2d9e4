import { Writable } from 'node:stream';
import { releaseMemory } from '../../../memory.ts';
import type { Summation } from './index.ts';

/**
 * Takes the bytes of a document, and with them the memory of chunks, which are empty afterwards. Fails with a
 * `DocumentFault`.
 */
export interface SumStream extends Writable {
  /** The sum, once the stream has finished; as `Summation.end` returns it. */
  readonly sum: string;
}

export type Done = (error?: Error | null) => void;

/** Scans in the thread that writes. */
export class LocalSumStream extends Writable implements SumStream {
  sum = '';
  readonly #summation: Summation;

  constructor(summation: Summation) {
    // More than a chunk: each one is read at once, so none has to wait.
    super({ highWaterMark: 128 * 1024 });
    this.#summation = summation;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    finishStep(done, () => {
      this.#summation.write(chunk);
      releaseMemory(chunk);
    });
  }

  override _final(done: Done): void {
    finishStep(done, () => {
      this.sum = this.#summation.end();
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
