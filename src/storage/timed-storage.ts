import { timed } from '../telemetry.ts';
import type { Storage } from './storage.ts';

/** Publishes the duration of each operation of a storage. Reading an object ends with its first byte. */
export function timedStorage(storage: Storage): Storage {
  const measure = <T>(name: string, work: () => Promise<T>) =>
    timed({ kind: 'storage', name }, work);
  return {
    ...storage,
    put: (key, content) => measure('put', () => storage.put(key, content)),
    get: (key, range) => measure('get', () => storage.get(key, range)),
    remove: (key) => measure('remove', () => storage.remove(key)),
    now: () => measure('now', () => storage.now()),
  };
}
