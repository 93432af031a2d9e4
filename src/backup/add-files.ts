import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { verifying } from '../storage/body.ts';
import { ObjectMissing, StorageUnavailable } from '../storage/errors.ts';
import type { Storage } from '../storage/storage.ts';
import { memberOf } from './manifest.ts';
import type { ArchiveWriter } from './write-archive.ts';

/** The objects that a database refers to, in pages. */
export interface ObjectLists {
  total(): Promise<{ count: number; bytes: number }>;
  list(after: string, limit: number): Promise<{ key: string; bytes: number }[]>;
  /** Lists the keys of objects whose rows are deleted, and which are still to be removed. */
  listRemoved(after: string, limit: number): Promise<string[]>;
}

interface Files {
  objects: ObjectLists;
  storage: Storage;
  /** Adds objects whose rows were deleted, perhaps after a server's database was dumped. */
  withRemoved: boolean;
}

const BATCH = 500;

/** Adds the files of a database. Returns the keys of those that the storage lacks. */
export async function addFiles(writer: ArchiveWriter, files: Files): Promise<string[]> {
  const { objects, storage, withRemoved } = files;
  const missing: string[] = [];
  for await (const { key, bytes } of pages(objects.list, ({ key }) => key)) {
    const body = await storage.get(key, { start: 0, end: bytes - 1 }).catch(ignoreMissing);
    if (body) await addFile(writer, { key, bytes, body });
    else missing.push(key);
  }
  if (withRemoved) {
    for await (const key of pages(objects.listRemoved, (key) => key)) {
      const body = await storage.get(key).catch(ignoreMissing);
      if (body) await addOfUnknownSize(writer, key, body, join(storage.scratchFolder, 'removed'));
    }
  }
  return missing;
}

async function addFile(
  writer: ArchiveWriter,
  { key, bytes, body }: { key: string; bytes: number; body: Readable },
): Promise<void> {
  const checked = verifying({ bytes });
  const passed = pipeline(body, checked);
  passed.catch(() => undefined);
  try {
    await writer.add(memberOf(key), bytes, checked);
  } catch (error) {
    if (!(error instanceof StorageUnavailable)) throw error;
    throw new Error(`${key}: ${(error.cause as Error).message}`, { cause: error });
  }
}

async function addOfUnknownSize(writer: ArchiveWriter, key: string, body: Readable, path: string) {
  await pipeline(body, createWriteStream(path, { mode: 0o600 }));
  await writer.add(memberOf(key), (await stat(path)).size, createReadStream(path));
  await rm(path);
}

/** Reads a list page by page, in the order of its keys. */
async function* pages<T>(
  list: (after: string, limit: number) => Promise<T[]>,
  keyOf: (entry: T) => string,
): AsyncGenerator<T> {
  let page: T[] = [];
  do {
    page = await list(page.length > 0 ? keyOf(page.at(-1)!) : '', BATCH);
    yield* page;
  } while (page.length === BATCH);
}

function ignoreMissing(error: unknown): undefined {
  if (!(error instanceof ObjectMissing)) throw error;
}
