import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { ObjectMissing, StorageUnavailable } from './errors.ts';
import { type ByteRange, checkKey, type Storage, type StoredObject } from './storage.ts';

/**
 * Objects as files below one folder, which several processes may share. Beside them, in `scratch`, and so
 * on the same file system, lies what is being written: a rename puts it in place whole.
 */
export function createFolderStorage(folder: string): Storage {
  const root = join(folder, 'objects');
  const scratchFolder = join(folder, 'scratch');
  const pathOf = (key: string) => join(root, checkKey(key));

  async function prepare(): Promise<void> {
    for (const path of [root, scratchFolder]) {
      await mkdir(path, { recursive: true, mode: 0o700 });
    }
  }

  async function put(key: string, content: Buffer | { file: string }): Promise<void> {
    const target = pathOf(key);
    const source = 'file' in content ? content.file : join(scratchFolder, randomUUID());
    try {
      if ('file' in content) await syncPath(source, 'r+');
      else await writeDurably(source, content);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await rename(source, target);
      await syncPath(dirname(target), 'r');
    } catch (error) {
      await rm(source, { force: true });
      throw new StorageUnavailable(error);
    }
  }

  async function get(key: string, range?: ByteRange) {
    // Opened before the answer begins, so that a file that is missing can still become an error.
    const handle = await open(pathOf(key), 'r').catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? new ObjectMissing(key, error) : new StorageUnavailable(error);
    });
    return createReadStream('', { fd: handle, ...range });
  }

  async function* list(): AsyncGenerator<StoredObject> {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const found = await stat(path).catch(ignoreMissing);
      if (found) yield { key: relative(root, path), modifiedAt: found.mtime };
    }
  }

  return {
    scratchFolder,
    prepare,
    put,
    get,
    remove: async (key) => rm(pathOf(key), { force: true }),
    list,
    close: () => undefined,
  };
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
