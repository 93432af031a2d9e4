import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Pause between two updates of a folder's modification time. */
const HEARTBEAT_MS = 1000;

const FOLDER_NAME = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** A folder of one process for temporary files. Its modification time changes as long as the process lives. */
export interface Scratch {
  readonly folder: string;
  open(): Promise<void>;
  close(): Promise<void>;
}

export function createScratch(root: string): Scratch {
  const folder = join(root, randomUUID());
  let timer: NodeJS.Timeout | undefined;
  let beats = 0;

  async function touch(): Promise<void> {
    // Another time at each beat, even by a clock that stands still or is set back.
    const now = new Date(Date.now() + (beats++ % HEARTBEAT_MS));
    // Another process has removed it if this one stood still for too long.
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await utimes(folder, now, now);
  }

  return {
    folder,
    async open() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // While this disk cannot be written, no other process can remove the folder either.
      timer = setInterval(() => void touch().catch(() => undefined), HEARTBEAT_MS).unref();
    },
    async close() {
      clearInterval(timer);
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    },
  };
}

/** A process whose folder does not change for this time has ended. */
export const HEARTBEAT_TIMEOUT_MS = 5 * HEARTBEAT_MS;

/** Modification times of scratch folders, by path. */
export type ScratchEntries = ReadonlyMap<string, number>;

/** Lists the folders of other processes beside the folder `own`. */
export async function listScratch(own: string): Promise<ScratchEntries> {
  const entries = new Map<string, number>();
  const root = dirname(own);
  for (const name of await readdir(root)) {
    const path = join(root, name);
    if (path === own || !FOLDER_NAME.test(name)) continue;
    // Undefined if its process has just removed it.
    const found = await stat(path).catch(() => undefined);
    if (found) entries.set(path, found.mtimeMs);
  }
  return entries;
}

/**
 * Returns the paths of entries that are the same in two lists at least {@link HEARTBEAT_TIMEOUT_MS} apart.
 * Compares no time with a clock, which may be wrong or be set meanwhile.
 */
export function findAbandoned(before: ScratchEntries, after: ScratchEntries): string[] {
  return [...after].filter(([path, time]) => before.get(path) === time).map(([path]) => path);
}

/** Returns the paths that did not change for `age` milliseconds by the clock of their file system. */
export async function findOlder(
  age: number,
  entries: ScratchEntries,
  own: string,
): Promise<string[]> {
  const cutoff = (await fileSystemTime(own)).getTime() - age;
  return [...entries].filter(([, time]) => time <= cutoff).map(([path]) => path);
}

/** Returns the time by the clock that sets the times of files in a folder. */
export async function fileSystemTime(folder: string): Promise<Date> {
  const path = join(folder, randomUUID());
  await writeFile(path, 'x', { flag: 'wx', mode: 0o600 });
  try {
    return (await stat(path)).mtime;
  } finally {
    await rm(path);
  }
}

export async function removeScratch(paths: string[]): Promise<void> {
  for (const path of paths) await rm(path, { recursive: true, force: true });
}
