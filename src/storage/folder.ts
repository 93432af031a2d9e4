import { randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, mkdir, open, opendir, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { ObjectMissing, StorageUnavailable, StorageUnusable, throwUnavailable } from './errors.ts';
import { createScratch, fileSystemTime, type Scratch } from './scratch.ts';
import { type ByteRange, checkKey, type Storage, type StoredObject } from './storage.ts';

/** The folder counts as full with less free space, in bytes. */
const MIN_FREE_SPACE = 1024 ** 2;
const PRIVATE_FOLDER = { recursive: true, mode: 0o700 };

/**
 * Keeps objects as files below one folder, which several processes may share. Files being written are in `scratch`
 * beside them, and so on the same file system: a rename puts each in place whole.
 */
export function createFolderStorage(folder: string): Storage {
  const root = join(folder, 'objects');
  const scratch = createScratch(join(folder, 'scratch'));
  const pathOf = (key: string) => join(root, checkKey(key));
  return {
    kind: 'file',
    scratchFolder: scratch.folder,
    prepare: () => prepare(root, scratch),
    check: () => check(root).catch(throwUnavailable),
    async put(key, content) {
      const target = pathOf(key);
      const isFile = 'file' in content;
      const source = isFile ? content.file : join(scratch.folder, randomUUID());
      try {
        await (isFile ? syncPath(source, 'r+') : writeDurably(source, content));
        await moveDurably(source, target);
      } catch (error) {
        await rm(source, { force: true }).catch(() => undefined);
        throwUnavailable(error);
      }
    },
    get: async (key, range) => openFile(key, pathOf(key), range),
    remove: async (key) => rm(pathOf(key), { force: true }).catch(throwUnavailable),
    list: (prefix) => listFiles(root, join(root, prefix)),
    now: () => fileSystemTime(scratch.folder).catch(throwUnavailable),
    close: scratch.close,
  };
}

async function prepare(root: string, scratch: Scratch): Promise<void> {
  try {
    await mkdir(root, PRIVATE_FOLDER);
    await scratch.open();
    // Permissions alone do not reveal a disk that is full or read-only.
    await fileSystemTime(scratch.folder);
  } catch (error) {
    await scratch.close();
    throw new StorageUnusable((error as Error).message, error);
  }
}

async function check(root: string): Promise<void> {
  await access(root, constants.W_OK);
  const { bavail, bsize } = await statfs(root);
  if (bavail * bsize < MIN_FREE_SPACE) throw new Error('the disk is full');
}

async function openFile(key: string, path: string, range?: ByteRange) {
  // Opened before the answer begins, so that a missing file can still become an error.
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new ObjectMissing(key, error) : new StorageUnavailable(error);
  });
  return createReadStream('', { fd: handle, ...range });
}

/** Lists files as they are found: there may be millions. */
async function* listFiles(root: string, folder: string): AsyncGenerator<StoredObject> {
  const entries = await opendir(folder).catch(ignoreMissing);
  for await (const entry of entries ?? []) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* listFiles(root, path);
    if (!entry.isFile()) continue;
    const found = await stat(path).catch(ignoreMissing);
    if (found) yield { key: relative(root, path), modifiedAt: found.mtime };
  }
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

async function moveDurably(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), PRIVATE_FOLDER);
  await rename(source, target);
  await syncPath(dirname(target), 'r');
}

/** Flushes a file or folder to the disk. A file that is renamed before that may be empty after a power failure. */
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
