import type { Readable } from 'node:stream';
import type { S3Config } from './s3-client.ts';

export type StorageConfig = { kind: 'file'; folder: string } | ({ kind: 's3' } & S3Config);

/** Bytes `start` to `end`, both included, as in HTTP. */
export interface ByteRange {
  start: number;
  end: number;
}

export interface StoredObject {
  /** Any text: others may use the storage too. */
  key: string;
  /** By the clock of the storage. */
  modifiedAt: Date;
}

/**
 * Objects by key. Tally makes every key, and no client does: segments of lower-case letters, digits and hyphens,
 * joined by slashes. An object is stored whole or not at all, and never changes.
 */
export interface Storage {
  readonly kind: StorageConfig['kind'];
  /** This process's folder for temporary files; {@link Storage.put} removes a file that it has stored. */
  readonly scratchFolder: string;
  /**
   * Makes the scratch folder. Call it once, before anything else.
   *
   * @throws {StorageUnusable} if the storage cannot keep objects
   */
  prepare(): Promise<void>;
  /**
   * Checks cheaply that objects can be written.
   *
   * @throws {StorageUnavailable}
   */
  check(): Promise<void>;
  /** Stores bytes, or a file of the scratch folder, durably. */
  put(key: string, content: Buffer | { file: string }): Promise<void>;
  /** @throws {ObjectMissing} */
  get(key: string, range?: ByteRange): Promise<Readable>;
  /** Removes an object, if it exists. */
  remove(key: string): Promise<void>;
  /** Lists the objects whose keys begin with `prefix`: nothing, or folders with a slash at their end. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** Returns the time by the clock that sets {@link StoredObject.modifiedAt}. */
  now(): Promise<Date>;
  /** Removes the scratch folder, and aborts what is in flight. */
  close(): Promise<void>;
}

const KEY = /^[a-z0-9-]+(?:\/[a-z0-9-]+)*$/;

/** The last line of defence for text that becomes a path. */
export function checkKey(key: string): string {
  if (!KEY.test(key)) throw new Error(`${JSON.stringify(key)} is not the key of an object`);
  return key;
}
