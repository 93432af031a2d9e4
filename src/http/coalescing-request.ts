import { IncomingMessage } from 'node:http';

/** Chunks of at least this size are passed on unchanged. */
const LARGE_CHUNK = 4096;
/** Short chunks per turn of the event loop that are passed on one by one; later ones are joined. */
const SEPARATE_CHUNKS = 4;
/** Size of the buffers that short chunks are joined in. */
const JOINED_BYTES = 16 * 1024;
/** Chunks per turn after which a request yields to others. */
const CHUNKS_PER_TURN = 256;

/** Requests that yielded. One of them continues in each turn of the event loop. */
const waiting: CoalescingRequest[] = [];

function resumeNext(): void {
  waiting.shift()?.resumeReading();
  if (waiting.length > 0) setImmediate(resumeNext);
}

/**
 * A request that joins the small chunks of its body. Each chunk costs the same whatever its size, and Node
 * parses up to 2 MiB of chunks before it reads from another connection; so a connection that sends many
 * small ones is not read again in the same turn of the event loop.
 *
 * For the option `IncomingMessage` of `http.createServer`. Node passes each chunk to `push`, stops
 * reading from the socket if that returns false, and continues when `_read` is called.
 */
export class CoalescingRequest extends IncomingMessage {
  /** Number of short chunks in this turn. */
  #chunks = 0;
  #joined: Buffer<ArrayBuffer> | undefined;
  #joinedBytes = 0;
  /** Set until other connections had their turn. */
  #hasYielded = false;
  /** Cleared while the stream's buffer is full. */
  #wantsMore = true;

  override push(chunk: Buffer | null, encoding?: BufferEncoding): boolean {
    if (chunk === null || chunk.length >= LARGE_CHUNK) {
      this.#passOnJoined();
      return this.#passOn(chunk, encoding);
    }
    if (++this.#chunks <= SEPARATE_CHUNKS) return this.#passOn(chunk, encoding);
    if (this.#chunks === SEPARATE_CHUNKS + 1) setImmediate(() => this.#endTurn());
    if (this.#chunks === CHUNKS_PER_TURN) this.#hasYielded = true;
    return this.#join(chunk) && !this.#hasYielded;
  }

  override _read(size: number): void {
    this.#wantsMore = true;
    if (!this.#hasYielded) super._read(size);
  }

  resumeReading(): void {
    this.#hasYielded = false;
    if (this.#wantsMore && !this.destroyed) this.socket.resume();
  }

  /** Returns false if the stream's buffer is full. */
  #join(chunk: Buffer): boolean {
    const hasRoom = this.#joinedBytes + chunk.length <= JOINED_BYTES;
    const wantsMore = hasRoom || this.#passOnJoined();
    this.#joined ??= Buffer.allocUnsafeSlow(JOINED_BYTES);
    this.#joinedBytes += chunk.copy(this.#joined, this.#joinedBytes);
    return wantsMore;
  }

  #passOnJoined(): boolean {
    if (!this.#joined) return true;
    // The only view of its memory, so that it can be transferred to a thread.
    const joined = Buffer.from(this.#joined.buffer.transfer(this.#joinedBytes));
    this.#joined = undefined;
    this.#joinedBytes = 0;
    return this.#passOn(joined);
  }

  #passOn(chunk: Buffer | null, encoding?: BufferEncoding): boolean {
    this.#wantsMore = super.push(chunk, encoding);
    return this.#wantsMore;
  }

  #endTurn(): void {
    this.#chunks = 0;
    if (!this.destroyed && !this.#passOnJoined()) this.socket.pause();
    if (!this.#hasYielded) return;
    waiting.push(this);
    if (waiting.length === 1) setImmediate(resumeNext);
  }
}
