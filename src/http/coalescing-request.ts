import { IncomingMessage } from 'node:http';

/** Chunks of at least this size are passed on as they are. */
const LARGE_CHUNK = 4096;
/** Short chunks in a turn of the event loop that are passed on one by one; later ones are joined. */
const SEPARATE_CHUNKS = 4;
/** Size of the buffers that short chunks are joined in. */
const JOINED_BYTES = 16 * 1024;
/** Chunks in a turn after which a request gives way to others. */
const CHUNKS_PER_TURN = 256;

/** Requests that gave way. One of them goes on in each turn of the event loop. */
const waiting: CoalescingRequest[] = [];

function resumeNext(): void {
  waiting.shift()?.resumeReading();
  if (waiting.length > 0) setImmediate(resumeNext);
}

/**
 * A request whose body costs little however small the chunks are that it arrives in. A chunk of one byte
 * costs as much as one of a mebibyte wherever chunks are handled, and Node parses up to 2 MiB of them
 * before it looks at another connection. So short chunks are joined, and a connection that sends many
 * is read no further in that turn of the event loop.
 *
 * For the option `IncomingMessage` of `http.createServer`. Node gives each chunk to `push`, stops
 * reading the socket where that returns false, and goes on when `_read` is called.
 */
export class CoalescingRequest extends IncomingMessage {
  /** Short chunks in this turn. */
  #chunks = 0;
  #joined: Buffer<ArrayBuffer> | undefined;
  #joinedBytes = 0;
  /** Set while the socket is not to be read before others had their turn. */
  #gaveWay = false;
  /** Cleared when the stream has enough, until it asks for more. */
  #wantsMore = true;

  override push(chunk: Buffer | null, encoding?: BufferEncoding): boolean {
    if (chunk === null || chunk.length >= LARGE_CHUNK) {
      this.#passOnJoined();
      return this.#passOn(chunk, encoding);
    }
    if (++this.#chunks <= SEPARATE_CHUNKS) return this.#passOn(chunk, encoding);
    if (this.#chunks === SEPARATE_CHUNKS + 1) setImmediate(() => this.#endTurn());
    if (this.#chunks === CHUNKS_PER_TURN) this.#gaveWay = true;
    return this.#join(chunk) && !this.#gaveWay;
  }

  override _read(size: number): void {
    this.#wantsMore = true;
    if (!this.#gaveWay) super._read(size);
  }

  resumeReading(): void {
    this.#gaveWay = false;
    if (this.#wantsMore && !this.destroyed) this.socket.resume();
  }

  /** Returns false if the stream has enough for now. */
  #join(chunk: Buffer): boolean {
    const hasRoom = this.#joinedBytes + chunk.length <= JOINED_BYTES;
    const wantsMore = hasRoom || this.#passOnJoined();
    this.#joined ??= Buffer.allocUnsafeSlow(JOINED_BYTES);
    this.#joinedBytes += chunk.copy(this.#joined, this.#joinedBytes);
    return wantsMore;
  }

  #passOnJoined(): boolean {
    if (!this.#joined) return true;
    // With nothing beside it, so that its memory can be given on.
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
    if (!this.#gaveWay) return;
    waiting.push(this);
    if (waiting.length === 1) setImmediate(resumeNext);
  }
}
