import { v7 as uuidv7 } from 'uuid';
import { OutcomeUnknown } from '../../../database/errors.ts';
import type { Storage } from '../../../storage/storage.ts';
import type { FileRepository } from './repository.ts';

/** The prefix of all objects of images in the storage. */
export const OBJECT_PREFIX = 'images/';

const OBJECT_KEY =
  /^images\/([\da-f]{2})\/[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{10}\1$/;

/** Makes a key whose folder depends on the random part of its id, so that objects are spread evenly. */
export function newObjectKey(): string {
  const id = uuidv7();
  return `${OBJECT_PREFIX}${id.slice(-2)}/${id}`;
}

/** Tells keys of {@link newObjectKey} from those of files that other software put into the storage. */
export function isObjectKey(key: string): boolean {
  return OBJECT_KEY.test(key);
}

export interface NewObject<T> {
  key: string;
  content: Buffer | { file: string };
  /** Inserts the rows that refer to the object. */
  record(): Promise<T>;
}

/**
 * Puts an object into the storage and records it. An object that could not be recorded is removed again,
 * but only once the database says that no row refers to it: after a COMMIT whose answer was lost, the
 * rows may be there, or appear in a moment. Whatever stays without a row is left to the sweeper.
 */
export async function storeObject<T>(
  { storage, files }: { storage: Storage; files: FileRepository },
  { key, content, record }: NewObject<T>,
): Promise<T> {
  await storage.put(key, content);
  try {
    return await record();
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) await removeUnrecorded().catch(() => undefined);
    throw error;
  }

  async function removeUnrecorded(): Promise<void> {
    if (!(await files.knownObjects([key])).has(key)) await storage.remove(key);
  }
}
