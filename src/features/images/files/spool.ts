import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { problems } from '../../../http/problem.ts';
import type { ImageFileRow } from '../tables.ts';

/** The place of a file's bytes in the storage, and what they must be. */
export type StoredFile = Pick<ImageFileRow, 'object_key' | 'object_offset' | 'bytes' | 'sha256'>;

/** A verified copy on the disk of this machine. */
export interface LocalCopy {
  readonly path: string;
  /** Gives the copy up; to be called once. The last user's call removes the copy. */
  release(): void;
}

export interface SpoolOptions {
  folder: string;
  /** Largest total of all copies. */
  maxBytes: number;
  /** Writes the verified bytes of a file to a path. */
  fetch(file: StoredFile, path: string): Promise<void>;
}

interface Entry {
  path: string;
  users: number;
  ready: Promise<void>;
}

/** Identifies a file by its place, which is never used for other bytes. */
export function placeOf({ object_key, object_offset }: StoredFile): string {
  return `${object_key}@${object_offset}`;
}

/**
 * Copies files to the local disk, so that a slow reader holds no connection to the storage. Concurrent readers
 * of one file share its copy.
 */
export function createSpool({ folder, maxBytes, fetch }: SpoolOptions) {
  const entries = new Map<string, Entry>();
  let usedBytes = 0;

  function add(file: StoredFile): Entry {
    if (usedBytes + file.bytes > maxBytes) throw problems.overloaded(undefined, { retryAfter: 5 });
    usedBytes += file.bytes;
    const path = join(folder, randomUUID());
    const entry = { path, users: 0, ready: fetch(file, path) };
    entries.set(placeOf(file), entry);
    return entry;
  }

  function release(file: StoredFile, entry: Entry): void {
    if (--entry.users > 0) return;
    entries.delete(placeOf(file));
    // Its bytes count until it is gone. A copy that cannot be removed goes with the folder.
    rm(entry.path, { force: true })
      .catch(() => undefined)
      .finally(() => {
        usedBytes -= file.bytes;
      });
  }

  return {
    /** @throws {Problem} `overloaded` where the spool is full, and those of `fetch` */
    async open(file: StoredFile): Promise<LocalCopy> {
      const entry = entries.get(placeOf(file)) ?? add(file);
      entry.users++;
      try {
        await entry.ready;
      } catch (error) {
        release(file, entry);
        throw error;
      }
      return { path: entry.path, release: () => release(file, entry) };
    },

    /** Says whether `open` would not be refused now. */
    hasSpaceFor: (file: StoredFile): boolean =>
      entries.has(placeOf(file)) || usedBytes + file.bytes <= maxBytes,
  };
}
