import { createEngine, type EngineLimits } from './index.ts';
import { LocalSumStream, type SumStream } from './sum-stream.ts';
import { createThreadPool } from './thread-pool.ts';

/** Documents of at least this size are scanned in a thread of the pool. */
const LARGE_DOCUMENT = 1024 ** 2;

/** Sums documents as they arrive, the large ones in threads. */
export interface SumStreams {
  /** Opens a document of so many bytes; NaN if that is not known. */
  open(bytes: number): SumStream;
  /**
   * Returns the sum of a whole document.
   * @throws {DocumentFault}
   */
  sum(document: Uint8Array): string;
  close(): Promise<void>;
}

/** With at most so many threads; 0 to scan all documents where they are read. */
export function createSumStreams(limits: Required<EngineLimits>, threads: number): SumStreams {
  // Each engine has memory of its own.
  const engineLimits = { ...limits, maxMemory: limits.maxMemory / (threads + 1) };
  const engine = createEngine(engineLimits);
  const pool = threads > 0 ? createThreadPool(engineLimits, threads) : undefined;
  return {
    open: (bytes) =>
      !pool || bytes < LARGE_DOCUMENT ? new LocalSumStream(engine.open()) : pool.open(),
    sum: engine.sum,
    close: async () => void (await pool?.close()),
  };
}
