import { randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { ObjectMissing, StorageUnavailable, StorageUnusable } from './errors.ts';
import { createScratch, fileSystemTime } from './scratch.ts';
import { type ByteRange, checkKey, type Storage, type StoredObject } from './storage.ts';

/** Free space below which the folder counts as full, in bytes. */
const LEAST_FREE_SPACE = 1024 ** 2;

/**
 * Objects as files below one folder, which several processes may share. Beside them, in `scratch`, and so
 * on the same file system, lies what is being written: a rename puts it in place whole.
 */
export function createFolderStorage(folder: string): Storage {
  const root = join(folder, 'objects');
  const scratch = createScratch(join(folder, 'scratch'));
  const newScratchFile = () => join(scratch.folder, randomUUID());
  const pathOf = (key: string) => join(root, checkKey(key));

  async function prepare(): Promise<void> {
    try {
      await mkdir(root, { recursive: true, mode: 0o700 });
      await scratch.open();
      // Permissions alone do not tell whether a disk is full or read-only.
      await fileSystemTime(scratch.folder);
    } catch (error) {
      await scratch.close();
      throw new StorageUnusable((error as Error).message, error);
    }
  }

  async function check(): Promise<void> {
    await access(root, constants.W_OK).catch(giveUp);
    const { bavail, bsize } = await statfs(root).catch(giveUp);
    if (bavail * bsize < LEAST_FREE_SPACE) giveUp(new Error('the disk is full'));
  }

  async function put(key: string, content: Buffer | { file: string }): Promise<void> {
    const target = pathOf(key);
    const source = 'file' in content ? content.file : newScratchFile();
    try {
      if ('file' in content) await syncPath(source, 'r+');
      else await writeDurably(source, content);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await rename(source, target);
      await syncPath(dirname(target), 'r');
    } catch (error) {
      await rm(source, { force: true }).catch(() => undefined);
      giveUp(error);
    }
  }

  async function get(key: string, range?: ByteRange) {
    // Opened before the answer begins, so that a file that is missing can still become an error.
    const handle = await open(pathOf(key), 'r').catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? new ObjectMissing(key, error) : new StorageUnavailable(error);
    });
    return createReadStream('', { fd: handle, ...range });
  }

  async function* list(prefix: string): AsyncGenerator<StoredObject> {
    const options = { recursive: true, withFileTypes: true } as const;
    const entries = await readdir(join(root, prefix), options).catch(ignoreMissing);
    for (const entry of entries ?? []) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const found = await stat(path).catch(ignoreMissing);
      if (found) yield { key: relative(root, path), modifiedAt: found.mtime };
    }
  }

  return {
    kind: 'file',
    scratchFolder: scratch.folder,
    prepare,
    check,
    put,
    get,
    remove: async (key) => rm(pathOf(key), { force: true }).catch(giveUp),
    list,
    now: () => fileSystemTime(scratch.folder).catch(giveUp),
    close: scratch.close,
  };
}

function giveUp(error: unknown): never {
  throw new StorageUnavailable(error);
}

async function writeDurably(path: string, content: Buffer): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** What is renamed before its bytes are on the disk can be empty after a power failure. */
async function syncPath(path: string, flags: string): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
