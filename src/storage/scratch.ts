import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** How often a process touches its folder, in milliseconds. */
const HEARTBEAT = 1000;

const MADE_HERE = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** A folder of one process below `root`. Its modification time changes as long as the process lives. */
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
    // Another time at each beat, also by a clock that stands still or is set back.
    const now = new Date(Date.now() + (beats++ % HEARTBEAT));
    // Gone if this process stood still for so long that it looked dead.
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await utimes(folder, now, now);
  }

  return {
    folder,
    async open() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // On a disk that cannot be written now, no other process can remove the folder either.
      timer = setInterval(() => void touch().catch(() => undefined), HEARTBEAT).unref();
    },
    async close() {
      clearInterval(timer);
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    },
  };
}

/** Shortest time between two looks that tells a process which has ended from one that lives, in milliseconds. */
export const HEARTBEATS_MISSED = 5 * HEARTBEAT;

/** What other processes have below the root of a scratch folder, by path, with its modification time. */
export type ScratchEntries = ReadonlyMap<string, number>;

export async function lookAtScratch(own: string): Promise<ScratchEntries> {
  const entries = new Map<string, number>();
  const root = dirname(own);
  for (const name of await readdir(root)) {
    const path = join(root, name);
    if (path === own || !MADE_HERE.test(name)) continue;
    // One that has gone meanwhile was of a process that ended in order.
    const found = await stat(path).catch(() => undefined);
    if (found) entries.set(path, found.mtimeMs);
  }
  return entries;
}

/**
 * Returns the paths of entries that did not change between two looks at least {@link HEARTBEATS_MISSED} apart.
 * Compares no time with a clock, so a clock that is wrong, or is set meanwhile, makes nobody look dead.
 */
export function abandoned(before: ScratchEntries, after: ScratchEntries): string[] {
  return [...after].filter(([path, time]) => before.get(path) === time).map(([path]) => path);
}

/** Returns those of the paths that did not change for `age` milliseconds by the clock of their file system. */
export async function olderThan(
  age: number,
  entries: ScratchEntries,
  own: string,
): Promise<string[]> {
  const cutoff = (await fileSystemTime(own)).getTime() - age;
  return [...entries].filter(([, time]) => time <= cutoff).map(([path]) => path);
}

/** Returns the time by the clock that the files in a folder get theirs from. */
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
