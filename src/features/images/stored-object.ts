import { OutcomeUnknown } from '../../database/errors.ts';
import type { Storage } from '../../storage/storage.ts';
import type { ImageRepository } from './repositories/images.ts';

export interface NewObject<T> {
  key: string;
  content: Buffer | { file: string };
  /** Makes the rows that refer to the object. */
  record(): Promise<T>;
}

/**
 * Puts an object into the storage and records it. An object that could not be recorded is removed again,
 * but only once the database says that no row refers to it: after a COMMIT whose answer was lost, the
 * rows may be there, or appear in a moment. What stays without a row is left to the collector.
 */
export async function storeObject<T>(
  { storage, images }: { storage: Storage; images: ImageRepository },
  { key, content, record }: NewObject<T>,
): Promise<T> {
  await storage.put(key, content);
  try {
    return await record();
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) await removeUnrecorded(key).catch(() => undefined);
    throw error;
  }

  async function removeUnrecorded(unrecorded: string): Promise<void> {
    if (!(await images.refersTo(unrecorded))) await storage.remove(unrecorded);
  }
}
