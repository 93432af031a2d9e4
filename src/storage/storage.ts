import type { Readable } from 'node:stream';
import { createFolderStorage } from './folder.ts';
import { createS3Storage } from './s3.ts';
import type { S3Config, S3Limits } from './s3-client.ts';

export type StorageConfig =
  | { kind: 'file'; folder: string }
  | ({ kind: 's3'; scratchFolder: string } & S3Config & S3Limits);

/** Bytes `start` to `end`, both included, as HTTP counts. */
export interface ByteRange {
  start: number;
  end: number;
}

export interface StoredObject {
  /** In a storage that others use too, not necessarily a key of this project's form. */
  key: string;
  /** By the clock of the storage. */
  modifiedAt: Date;
}

/**
 * Objects by key. A key is made here and never by a client: one or more segments of lower-case letters,
 * digits and hyphens, joined by slashes. An object is there whole or not at all, and does not change.
 */
export interface Storage {
  readonly kind: StorageConfig['kind'];
  /** A folder of this process for files on their way; those that {@link Storage.put} took are gone from it. */
  readonly scratchFolder: string;
  /**
   * Makes the scratch folder. To be called once, before anything else.
   *
   * @throws {StorageUnusable} if objects cannot be kept there.
   */
  prepare(): Promise<void>;
  /**
   * Checks cheaply that objects can be written.
   *
   * @throws {StorageUnavailable}
   */
  check(): Promise<void>;
  /** Stores bytes, or a file in the scratch folder, which it takes over. It is durable afterwards. */
  put(key: string, content: Buffer | { file: string }): Promise<void>;
  /** @throws {ObjectMissing} */
  get(key: string, range?: ByteRange): Promise<Readable>;
  /** Removes an object; one that is not there is no error. */
  remove(key: string): Promise<void>;
  /** Lists the objects whose keys begin with `prefix`: nothing, or folders with a slash at their end. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** The time by the clock that {@link StoredObject.modifiedAt} is of. */
  now(): Promise<Date>;
  /** Removes the scratch folder, and ends what is under way. */
  close(): Promise<void>;
}

export function openStorage(config: StorageConfig): Storage {
  return config.kind === 'file' ? createFolderStorage(config.folder) : createS3Storage(config);
}

const KEY = /^[a-z0-9-]+(?:\/[a-z0-9-]+)*$/;

/** The last line of defence for what would become a path. */
export function checkKey(key: string): string {
  if (!KEY.test(key)) throw new Error(`${JSON.stringify(key)} is no key of an object`);
  return key;
}
