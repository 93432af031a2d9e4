import { Writable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { isAlone } from '../../../memory.ts';
import { DocumentFault, type EngineLimits, MemoryExhausted } from './index.ts';
import { hasEnded, type Outcome, type Work } from './outcome.ts';

/** Bytes on their way to the threads, at most: of one document, and of all together. */
const DOCUMENT_BYTES = 4 * 1024 ** 2;
const ALL_BYTES = 16 * 1024 ** 2;
/** What is worth a message while the thread has something to do. */
const BATCH_BYTES = 256 * 1024;
/**
 * Chunks below this size are joined in buffers of this size: each one of a message has a price, and
 * that of handing over its memory grows with the number of those beside it.
 */
const SHORT_CHUNK = 16 * 1024;
/** What a document takes while it waits: a chunk of the socket, and the beginning of another. */
const WAITING_BYTES = 96 * 1024;

/** Scans documents in threads beside the one that reads them from their sockets. */
export interface BackgroundEngine {
  begin(): BackgroundSummation;
  close(): Promise<void>;
}

/**
 * Takes the bytes of a document, and with them the memory of chunks, which are empty afterwards. Some time
 * after a fault was written, the stream fails with a {@link DocumentFault}.
 */
export interface BackgroundSummation extends Writable {
  /** Once the stream has finished; as `Summation.end` gives it. */
  readonly sum: string;
}

/** With so many threads at most, which start when they are needed. */
export function createBackgroundEngine(limits: EngineLimits, threads: number): BackgroundEngine {
  const running = new Set<Thread>();
  const traffic = new Traffic();
  let lastId = 0;

  function leastBusy(): Thread {
    const [first] = [...running].sort((a, b) => a.documents.size - b.documents.size);
    if (first && (first.documents.size === 0 || running.size === threads)) return first;
    const thread = new Thread(limits, traffic, () => running.delete(thread));
    running.add(thread);
    return thread;
  }

  return {
    begin: () => new ThreadedSummation(++lastId, leastBusy(), traffic),
    async close() {
      await Promise.all([...running].map(({ worker }) => worker.terminate()));
    },
  };
}

/** What is on its way to all threads, also of documents that nobody wants any more. */
class Traffic {
  #bytes = 0;
  readonly #waiting: (() => void)[] = [];

  /** Calls back when there is room for more, at once or in the order of the calls. */
  whenRoom(callback: () => void): void {
    if (this.#bytes < ALL_BYTES && this.#waiting.length === 0) callback();
    else this.#waiting.push(callback);
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  remove(bytes: number): void {
    this.#bytes -= bytes;
    while (this.#bytes < ALL_BYTES && this.#waiting.length > 0) this.#waiting.shift()!();
  }
}

class Thread {
  readonly worker: Worker;
  readonly documents = new Map<number, ThreadedSummation>();
  readonly #traffic: Traffic;
  #underWay = 0;

  constructor(limits: EngineLimits, traffic: Traffic, onEnd: () => void) {
    this.#traffic = traffic;
    this.worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: limits });
    // It keeps no process alive.
    this.worker.unref();
    const end = (error: Error) => {
      onEnd();
      for (const document of this.documents.values()) document.destroy(error);
      this.#arrived(this.#underWay);
    };
    this.worker.on('message', (outcome: Outcome) => {
      this.documents.get(outcome.id)?.take(outcome);
      this.#arrived(outcome.bytes);
    });
    this.worker.on('error', end);
    this.worker.on('exit', () => end(new Error('the thread of the engine has ended')));
  }

  send(work: Work, bytes: number): void {
    this.#underWay += bytes;
    this.#traffic.add(bytes);
    this.worker.postMessage(
      work,
      work.chunks.map(({ buffer }) => buffer as ArrayBuffer),
    );
  }

  #arrived(bytes: number): void {
    this.#underWay -= bytes;
    this.#traffic.remove(bytes);
  }
}

type Done = (error?: Error | null) => void;

class ThreadedSummation extends Writable implements BackgroundSummation {
  sum = '';
  readonly #id: number;
  readonly #thread: Thread;
  readonly #traffic: Traffic;
  #batch: Uint8Array[] = [];
  #batchBytes = 0;
  /** The last of the batch, if there is room in its memory behind it. */
  #open: Uint8Array | undefined;
  /** Bytes that were sent and not yet read. */
  #underWay = 0;
  /** To be called once less is under way. */
  #onRoom: Done | undefined;
  /** To be called once there is a sum. */
  #onSum: Done | undefined;

  constructor(id: number, thread: Thread, traffic: Traffic) {
    super({ highWaterMark: WAITING_BYTES });
    this.#id = id;
    this.#thread = thread;
    this.#traffic = traffic;
    thread.documents.set(id, this);
    this.#send('begin');
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#add(chunk);
    if (this.#underWay > 0 && this.#batchBytes < BATCH_BYTES) done();
    else {
      this.#traffic.whenRoom(() => {
        this.#sendBatch();
        if (this.#underWay < DOCUMENT_BYTES) done();
        else this.#onRoom = done;
      });
    }
  }

  override _final(done: Done): void {
    this.#onSum = done;
    this.#traffic.whenRoom(() => {
      if (!this.destroyed) this.#send('end');
    });
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#empty();
    if (this.#thread.documents.delete(this.#id)) this.#send('close');
    done(error);
  }

  take(outcome: Outcome): void {
    const { bytes, sum, fault, exhausted } = outcome;
    this.#underWay -= bytes;
    if (hasEnded(outcome)) this.#thread.documents.delete(this.#id);
    if (exhausted) this.destroy(new MemoryExhausted());
    else if (fault) this.destroy(new DocumentFault(fault.code, fault.offset, fault.message));
    else if (sum !== undefined) {
      this.sum = sum;
      this.#onSum!();
    } else {
      if (this.#underWay === 0) this.#traffic.whenRoom(() => this.#sendBatch());
      if (this.#underWay < DOCUMENT_BYTES) this.#goOn();
    }
  }

  #add(chunk: Buffer): void {
    const { length } = chunk;
    this.#batchBytes += length;
    if (this.#open && this.#append(this.#open, chunk)) return;
    this.#open = undefined;
    // The first of a batch is often its only one.
    if (length >= SHORT_CHUNK || this.#batch.length === 0) this.#batch.push(alone(chunk));
    else {
      this.#open = new Uint8Array(SHORT_CHUNK).subarray(0, length);
      this.#open.set(chunk);
      this.#batch.push(this.#open);
    }
  }

  /** False if there is no room in the memory of `open`, which is the last of the batch. */
  #append({ buffer, length }: Uint8Array, chunk: Buffer): boolean {
    if (length + chunk.length > SHORT_CHUNK) return false;
    this.#open = new Uint8Array(buffer, 0, length + chunk.length);
    this.#open.set(chunk, length);
    this.#batch[this.#batch.length - 1] = this.#open;
    return true;
  }

  #goOn(): void {
    const onRoom = this.#onRoom;
    this.#onRoom = undefined;
    onRoom?.();
  }

  #sendBatch(): void {
    if (this.#batchBytes > 0) this.#send('more');
  }

  #send(step: Work['step']): void {
    this.#thread.send({ id: this.#id, step, chunks: this.#batch }, this.#batchBytes);
    this.#underWay += this.#batchBytes;
    this.#empty();
  }

  #empty(): void {
    this.#batch = [];
    this.#batchBytes = 0;
    this.#open = undefined;
  }
}

/** The bytes with nothing beside them in their memory, so that it can change hands. */
function alone(chunk: Buffer): Uint8Array {
  return isAlone(chunk) ? new Uint8Array(chunk.buffer) : new Uint8Array(chunk);
}
