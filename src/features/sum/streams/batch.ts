import { ownsBuffer } from '../../../memory.ts';

/**
 * Smaller chunks are joined in buffers of this size: transferring a buffer costs more the more buffers a
 * message has.
 */
const SHORT_CHUNK = 16 * 1024;

/** Chunks for one message to a thread, each with nothing beside it in its memory, so that it can be transferred. */
export class Batch {
  bytes = 0;
  #chunks: Uint8Array[] = [];
  /** The last chunk, if it is a buffer with room for more behind it. */
  #open: Uint8Array | undefined;

  /** Adds bytes and, where nothing is beside them, takes their memory. */
  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.#open && this.#append(this.#open, chunk)) return;
    this.#open = undefined;
    // The first of a batch is often its only one.
    if (chunk.length >= SHORT_CHUNK || this.#chunks.length === 0) {
      this.#chunks.push(ownsBuffer(chunk) ? new Uint8Array(chunk.buffer) : new Uint8Array(chunk));
    } else {
      this.#open = new Uint8Array(SHORT_CHUNK).subarray(0, chunk.length);
      this.#open.set(chunk);
      this.#chunks.push(this.#open);
    }
  }

  /** Returns the chunks and starts anew. */
  take(): Uint8Array[] {
    const chunks = this.#chunks;
    this.bytes = 0;
    this.#chunks = [];
    this.#open = undefined;
    return chunks;
  }

  /** Returns false if there is no room behind `open`. */
  #append({ buffer, length }: Uint8Array, chunk: Buffer): boolean {
    if (length + chunk.length > SHORT_CHUNK) return false;
    this.#open = new Uint8Array(buffer, 0, length + chunk.length);
    this.#open.set(chunk, length);
    this.#chunks[this.#chunks.length - 1] = this.#open;
    return true;
  }
}
