import type { Readable } from 'node:stream';
import { createFolderStorage } from './folder.ts';
import { createS3Storage, type S3Config } from './s3.ts';

export type StorageConfig =
  | { kind: 'file'; folder: string }
  | ({ kind: 's3'; scratchFolder: string } & S3Config);

/** Bytes `start` to `end`, both included, as HTTP counts. */
export interface ByteRange {
  start: number;
  end: number;
}

export interface StoredObject {
  key: string;
  modifiedAt: Date;
}

/**
 * Objects by key. A key is made here and never by a client: one or more segments of lower-case letters,
 * digits and hyphens, joined by slashes. An object is there whole or not at all, and does not change.
 */
export interface Storage {
  /** A folder for files on their way in; those that {@link Storage.put} took are gone from it. */
  readonly scratchFolder: string;
  /** @throws {Error} if objects cannot be kept there. To be called once, before anything else. */
  prepare(): Promise<void>;
  /** Stores bytes, or a file in the scratch folder, which it takes over. It is durable afterwards. */
  put(key: string, content: Buffer | { file: string }): Promise<void>;
  /** @throws {ObjectMissing} */
  get(key: string, range?: ByteRange): Promise<Readable>;
  /** Removes an object; one that is not there is no error. */
  remove(key: string): Promise<void>;
  list(): AsyncIterable<StoredObject>;
  close(): void;
}

export function openStorage(config: StorageConfig): Storage {
  return config.kind === 'file'
    ? createFolderStorage(config.folder)
    : createS3Storage(config, config.scratchFolder);
}

const KEY = /^[a-z0-9-]+(?:\/[a-z0-9-]+)*$/;

/** The last line of defence for what would become a path. */
export function checkKey(key: string): string {
  if (!KEY.test(key)) throw new Error(`${JSON.stringify(key)} is no key of an object`);
  return key;
}
