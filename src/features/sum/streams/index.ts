import {
  documentOptionsOf,
  PLAIN_REQUEST,
  type SumRequest,
  writeAnswer,
  writeDigest,
} from '../answer.ts';
import type { EngineLimits } from '../engine/limits.ts';
import { createNodeEngine } from './node-engine.ts';
import { LocalSumStream, type SumStream } from './sum-stream.ts';
import { createThreadPool } from './thread-pool.ts';

/** Documents of at least this size are scanned in a thread of the pool. */
const LARGE_DOCUMENT = 1024 ** 2;

/** Sums documents as they arrive, the large ones in threads. */
export interface SumStreams {
  /**
   * Opens a document of so many bytes; NaN if that is not known.
   * @throws {InvalidPath} for a path to collapse that is none
   */
  open(bytes: number, request: SumRequest): SumStream;
  /** Tells whether a whole document of so many bytes may be passed to `answer`. */
  isSmall(bytes: number, request: SumRequest): boolean;
  /**
   * Returns the answer to a whole document, as JSON.
   * @throws {DocumentFault | InvalidPath}
   */
  answer(document: Uint8Array, request: SumRequest): string;
  close(): Promise<void>;
}

/** With at most so many threads; 0 to scan all documents where they are read. */
export function createSumStreams(limits: EngineLimits, threads: number): SumStreams {
  // Each engine has memory of its own.
  const engineLimits = { ...limits, maxMemory: limits.maxMemory / (threads + 1) };
  const engine = createNodeEngine(engineLimits);
  const pool = threads > 0 ? createThreadPool(engineLimits, threads) : undefined;
  // Totals of paths may be a thousand times as long as the document: `{"a":1e9999,"b":1e9999}`.
  const isSmall = (bytes: number, { include }: SumRequest) =>
    !pool || (bytes < LARGE_DOCUMENT && !include.includes('paths'));
  return {
    isSmall,
    open: (bytes, request) =>
      !pool || isSmall(bytes, request)
        ? new LocalSumStream(engine.open(documentOptionsOf(request)), request)
        : pool.open(request),
    answer(document, request) {
      if (request === PLAIN_REQUEST) return writeDigest(engine.sum(document));
      const summation = engine.open(documentOptionsOf(request));
      summation.write(document);
      return writeAnswer(summation.end(), request);
    },
    close: async () => void (await pool?.close()),
  };
}
