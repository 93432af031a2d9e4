import { LRUCache } from 'lru-cache';
import { placeOf, type StoredFile } from './spool.ts';

const MAX_TOTAL_BYTES = 32 * 1024 ** 2;
/** Largest file that is kept in memory. */
export const MAX_SMALL_BYTES = 128 * 1024;

/**
 * Keeps small files in memory. The bytes at a place never change; permission to read them is checked before, each
 * time. Concurrent readers of one file share one load.
 */
export function createSmallFiles(load: (file: StoredFile) => Promise<Buffer>) {
  const cache = new LRUCache<string, Buffer>({
    maxSize: MAX_TOTAL_BYTES,
    maxEntrySize: MAX_SMALL_BYTES,
    sizeCalculation: ({ length }) => length,
  });
  const inFlight = new Map<string, Promise<Buffer>>();

  return async (file: StoredFile): Promise<Buffer> => {
    const place = placeOf(file);
    const known = cache.get(place) ?? inFlight.get(place);
    if (known) return known;
    const loaded = load(file).finally(() => inFlight.delete(place));
    inFlight.set(place, loaded);
    const content = await loaded;
    cache.set(place, content);
    return content;
  };
}
