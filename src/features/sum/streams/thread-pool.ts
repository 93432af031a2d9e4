import { Writable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { facts } from '../../../telemetry.ts';
import type { SumRequest } from '../answer.ts';
import { DocumentFault } from '../engine/fault.ts';
import type { EngineLimits } from '../engine/limits.ts';
import { Batch } from './batch.ts';
import type { Done, SumStream } from './sum-stream.ts';

/** Most bytes of all documents in flight to all threads. */
const ALL_BYTES = 16 * 1024 ** 2;
/** Most bytes of one document in flight to its thread. */
const DOCUMENT_BYTES = 4 * 1024 ** 2;
/** Fewest bytes that are worth a message while the thread has something to do. */
const BATCH_BYTES = 256 * 1024;
/** Bytes that a document takes while it waits: a chunk of the socket, and the beginning of another. */
const WAITING_BYTES = 96 * 1024;

/** To a thread: the next bytes of a document, in order, and the step to take after them. */
export interface Work {
  id: number;
  step: 'open' | 'continue' | 'end' | 'close';
  /** The document's, with the step that opens it. */
  request?: SumRequest;
  chunks: Uint8Array[];
  /** Length of all chunks together. */
  bytes: number;
}

/** From a thread: the bytes that it has read since its last message, and the document's end, if it has come. */
export interface Outcome {
  id: number;
  bytes: number;
  /** As JSON, in memory that was transferred: to copy a long text would hold up the thread that gets it. */
  answer?: Uint8Array<ArrayBuffer>;
  fault?: Pick<DocumentFault, 'code' | 'offset' | 'message' | 'line'>;
}

/**
 * Creates a pool of at most so many threads, which start when they are needed and scan documents beside the
 * thread that reads them from their sockets.
 */
export function createThreadPool(limits: EngineLimits, threads: number) {
  const running = new Set<Thread>();
  const limit = new InFlightLimit();

  function leastBusy(): Thread {
    const [first] = [...running].sort((a, b) => a.documents.size - b.documents.size);
    if (first && (first.documents.size === 0 || running.size === threads)) return first;
    const thread = new Thread(limits, limit, () => running.delete(thread));
    running.add(thread);
    return thread;
  }

  return {
    open: (request: SumRequest): SumStream => leastBusy().open(request),
    close: () => Promise.all([...running].map(({ worker }) => worker.terminate())),
  };
}

/** Bytes in flight to all threads, also of documents that nobody wants any more. */
class InFlightLimit {
  #bytes = 0;
  readonly #waiting: (() => void)[] = [];

  /** Calls back below the limit, at once or in the order of the calls. */
  whenBelow(callback: () => void): void {
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
  readonly limit: InFlightLimit;
  readonly worker: Worker;
  readonly documents = new Map<number, ThreadedSumStream>();
  #lastId = 0;
  #inFlight = 0;

  constructor(limits: EngineLimits, limit: InFlightLimit, onEnd: () => void) {
    this.limit = limit;
    this.worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: limits });
    // It keeps no process alive.
    this.worker.unref();
    const end = (error: Error) => {
      onEnd();
      for (const document of this.documents.values()) document.destroy(error);
      this.#arrived(this.#inFlight);
    };
    this.worker.on('message', (outcome: Outcome) => {
      const document = this.documents.get(outcome.id);
      if (outcome.answer !== undefined || outcome.fault) this.documents.delete(outcome.id);
      document?.receive(outcome);
      this.#arrived(outcome.bytes);
    });
    this.worker.on('error', end);
    this.worker.on('exit', () => end(new Error('the thread of the engine has ended')));
  }

  open(request: SumRequest): SumStream {
    const document = new ThreadedSumStream(++this.#lastId, this, request);
    this.documents.set(this.#lastId, document);
    return document;
  }

  /** Sends work, and the memory of its chunks with it. */
  send(work: Work): void {
    this.#inFlight += work.bytes;
    this.limit.add(work.bytes);
    const memory = work.chunks.map(({ buffer }) => buffer as ArrayBuffer);
    this.worker.postMessage(work, memory);
  }

  #arrived(bytes: number): void {
    this.#inFlight -= bytes;
    this.limit.remove(bytes);
  }
}

/** Scans on a worker thread, so a fault is reported only after later chunks may have been written. */
class ThreadedSumStream extends Writable implements SumStream {
  answer: Buffer = Buffer.alloc(0);
  bytes = 0;
  readonly #id: number;
  readonly #thread: Thread;
  readonly #batch = new Batch();
  /** Bytes that were sent and not yet read. */
  #inFlight = 0;
  /** Lets the writer go on, once less is in flight. */
  #onDrained: Done | undefined;
  #onAnswer: Done | undefined;

  constructor(id: number, thread: Thread, request: SumRequest) {
    super({ highWaterMark: WAITING_BYTES });
    this.#id = id;
    this.#thread = thread;
    this.#send('open', request);
    facts.publish({ type: 'threaded_sums', change: 1 });
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.bytes += chunk.length;
    this.#batch.add(chunk);
    if (this.#inFlight > 0 && this.#batch.bytes < BATCH_BYTES) done();
    else {
      this.#thread.limit.whenBelow(() => {
        this.#sendBatch();
        if (this.#inFlight < DOCUMENT_BYTES) done();
        else this.#onDrained = done;
      });
    }
  }

  override _final(done: Done): void {
    this.#onAnswer = done;
    this.#thread.limit.whenBelow(() => {
      if (!this.destroyed) this.#send('end');
    });
  }

  override _destroy(error: Error | null, done: Done): void {
    facts.publish({ type: 'threaded_sums', change: -1 });
    this.#batch.take();
    if (this.#thread.documents.delete(this.#id)) this.#send('close');
    done(error);
  }

  receive({ bytes, answer, fault }: Outcome): void {
    this.#inFlight -= bytes;
    if (fault) {
      this.destroy(new DocumentFault(fault.code, fault.offset, fault.message, fault.line));
    } else if (answer !== undefined) {
      this.answer = Buffer.from(answer.buffer);
      this.#onAnswer!();
    } else {
      if (this.#inFlight === 0) this.#thread.limit.whenBelow(() => this.#sendBatch());
      if (this.#inFlight >= DOCUMENT_BYTES) return;
      const onDrained = this.#onDrained;
      this.#onDrained = undefined;
      onDrained?.();
    }
  }

  #sendBatch(): void {
    if (this.#batch.bytes > 0) this.#send('continue');
  }

  #send(step: Work['step'], request?: SumRequest): void {
    const { bytes } = this.#batch;
    this.#inFlight += bytes;
    const chunks = this.#batch.take();
    this.#thread.send({ id: this.#id, step, bytes, chunks, ...(request && { request }) });
  }
}
