import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Whether there is nothing beside the bytes in their memory, which then can be given away. */
export function isAlone({ buffer, byteLength }: Uint8Array): boolean {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
}

/**
 * Gives the memory of bytes that nobody else holds back at once; they are empty afterwards. Left to the
 * garbage collector, large buffers pile up to 64 MiB and more, and each new one is memory that no cache
 * of the processor has seen. Does nothing where the bytes are a part of something larger.
 */
export function releaseMemory(bytes: Uint8Array): void {
  if (isAlone(bytes)) (bytes.buffer as ArrayBuffer).transfer(0);
}

/** Least time between two collections of garbage that were asked for, in milliseconds: each one stops its thread. */
const COLLECTION_INTERVAL = 60_000;
const COLLECTION_DELAY = 1000;

let nextCollection = 0;
let isCollectionDue = false;

/**
 * Has the garbage of this thread collected within a minute. For large memory that only the collector can give
 * back, such as that of WebAssembly: it has no reason to run while the server is idle.
 */
export function collectGarbageSoon(): void {
  if (isCollectionDue) return;
  isCollectionDue = true;
  const delay = Math.max(COLLECTION_DELAY, nextCollection - performance.now());
  setTimeout(() => {
    isCollectionDue = false;
    nextCollection = performance.now() + COLLECTION_INTERVAL;
    setFlagsFromString('--expose-gc');
    runInNewContext('gc')();
    setFlagsFromString('--no-expose-gc');
  }, delay).unref();
}
