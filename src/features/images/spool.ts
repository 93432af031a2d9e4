import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { problems } from '../../http/problem.ts';
import type { StoredFile } from './stored-files.ts';

/** A copy on the disk of this machine that has been verified. */
export interface LocalCopy {
  readonly path: string;
  /** Gives the copy up. It is removed with its last user. To be called once. */
  release(): void;
}

export interface SpoolOptions {
  folder: string;
  /** Most bytes of all copies together. */
  maxBytes: number;
  /** Writes the verified bytes of a file to a path. */
  fetch(file: StoredFile, path: string): Promise<void>;
}

interface Entry {
  path: string;
  users: number;
  ready: Promise<void>;
}

export type Spool = ReturnType<typeof createSpool>;

/**
 * Copies files to the disk, so that a connection to the storage is held for as long as the storage takes, and
 * not for as long as a reader does. Users of one file at the same time share its copy.
 */
export function createSpool({ folder, maxBytes, fetch }: SpoolOptions) {
  const entries = new Map<string, Entry>();
  let held = 0;

  function enter(name: string, file: StoredFile): Entry {
    if (held + file.bytes > maxBytes) {
      throw problems.overloaded(undefined, { headers: { 'retry-after': '5' } });
    }
    held += file.bytes;
    const path = join(folder, randomUUID());
    const entry = { path, users: 0, ready: fetch(file, path) };
    entries.set(name, entry);
    return entry;
  }

  function leave(name: string, entry: Entry, file: StoredFile): void {
    if (--entry.users > 0) return;
    entries.delete(name);
    // Until it is gone it takes room. One that cannot be removed goes with the folder.
    rm(entry.path, { force: true })
      .catch(() => undefined)
      .finally(() => {
        held -= file.bytes;
      });
  }

  return {
    /** @throws {Problem} `overloaded` where there is no room, and whatever `fetch` throws. */
    async open(file: StoredFile): Promise<LocalCopy> {
      const name = `${file.object_key}@${file.object_offset}`;
      const entry = entries.get(name) ?? enter(name, file);
      entry.users++;
      try {
        await entry.ready;
      } catch (error) {
        leave(name, entry, file);
        throw error;
      }
      return { path: entry.path, release: () => leave(name, entry, file) };
    },
    /** Whether a file may be copied now. */
    hasRoom: (file: StoredFile) =>
      entries.has(`${file.object_key}@${file.object_offset}`) || held + file.bytes <= maxBytes,
  };
}
