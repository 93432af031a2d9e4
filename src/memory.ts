import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Tells whether the bytes are all of their buffer, which then can be transferred. */
export function ownsBuffer({ buffer, byteLength }: Uint8Array): boolean {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
}

/**
 * Frees the memory of bytes at once and leaves them empty; nobody else may hold them. Does nothing if they are part of a
 * larger buffer. Left to the garbage collector, large buffers pile up to 64 MiB and more, and miss the processor's caches.
 */
export function releaseMemory(bytes: Uint8Array): void {
  if (ownsBuffer(bytes)) (bytes.buffer as ArrayBuffer).transfer(0);
}

/** Shortest time between two requested garbage collections, because each stops its thread. */
const COLLECTION_INTERVAL_MS = 60_000;
const COLLECTION_DELAY_MS = 1000;

let nextCollection = 0;
let isCollectionDue = false;

/**
 * Schedules a garbage collection of this thread within a minute, for large memory that only the collector can free, such
 * as that of WebAssembly: it does not run by itself while the server is idle.
 */
export function collectGarbageSoon(): void {
  if (isCollectionDue) return;
  isCollectionDue = true;
  const delay = Math.max(COLLECTION_DELAY_MS, nextCollection - performance.now());
  setTimeout(() => {
    isCollectionDue = false;
    nextCollection = performance.now() + COLLECTION_INTERVAL_MS;
    setFlagsFromString('--expose-gc');
    runInNewContext('gc')();
    setFlagsFromString('--no-expose-gc');
  }, delay).unref();
}
