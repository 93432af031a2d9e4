import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { type Readable, pipeline as start } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { LRUCache } from 'lru-cache';
import { problems } from '../../http/problem.ts';
import { verifying } from '../../storage/body.ts';
import { ObjectMissing, StorageUnavailable } from '../../storage/errors.ts';
import type { ByteRange, Storage } from '../../storage/storage.ts';
import { createSpool, type LocalCopy } from './spool.ts';
import type { ImageFileRow } from './tables.ts';

/** Where the bytes of a file are, and what they must be. */
export type StoredFile = Pick<ImageFileRow, 'object_key' | 'object_offset' | 'bytes' | 'sha256'>;

export interface ReadLimits {
  /** Most bytes of copies on the local disk. */
  spoolBytes: number;
  /** Most files that are passed on from S3 without a copy at once. */
  streams: number;
  /** Longest time until a file has been read from the storage, in milliseconds. */
  deadline: number;
}

/** How much of small files is kept in memory, and how large one of them may be. */
const MEMORY = { maxSize: 32 * 1024 ** 2, maxEntrySize: 128 * 1024 };
/** The share of the spool that one file may take; larger ones are not copied to be read. */
const LARGEST_SHARE = 1 / 8;

export type StoredFiles = ReturnType<typeof createStoredFiles>;

/**
 * Reads files from the storage and verifies what it gives. Damaged bytes are neither kept nor answered, but for
 * the beginning of a large file that is passed on: its stream fails before its end.
 *
 * @throws {ObjectMissing} where there is no such object
 * @throws {Problem} `storage_unavailable` where bytes are damaged, late or not to be had
 */
export function createStoredFiles(storage: Storage, limits: ReadLimits) {
  /** Objects never change, so neither does what is here; who may read it is asked each time. */
  const small = new LRUCache<string, Buffer>({
    ...MEMORY,
    sizeCalculation: ({ length }) => length,
  });
  const loading = new Map<string, Promise<Buffer>>();
  const spool = createSpool({
    folder: storage.scratchFolder,
    maxBytes: limits.spoolBytes,
    fetch: copyTo,
  });
  let streams = 0;

  async function open(file: StoredFile, range?: ByteRange): Promise<Readable | Buffer> {
    if (file.bytes <= MEMORY.maxEntrySize) {
      const content = await readSmall(file);
      return range ? content.subarray(range.start, range.end + 1) : content;
    }
    if (storage.kind === 'file') return openStream(file, range);
    if (file.bytes <= limits.spoolBytes * LARGEST_SHARE && spool.hasRoom(file)) {
      return openCopy(await spool.open(file), range);
    }
    return withPlace(() => openStream(file, range));
  }

  async function readSmall(file: StoredFile): Promise<Buffer> {
    const name = `${file.object_key}@${file.object_offset}`;
    const kept = small.get(name);
    if (kept) return kept;
    const underWay = loading.get(name);
    if (underWay) return underWay;
    const loaded = load(file).finally(() => loading.delete(name));
    loading.set(name, loaded);
    const content = await loaded;
    small.set(name, content);
    return content;
  }

  async function load(file: StoredFile): Promise<Buffer> {
    const source = await get(file);
    return pipeline(source, verifying(file), buffer, deadline()).catch(giveUp);
  }

  async function copyTo(file: StoredFile, path: string): Promise<void> {
    const source = await get(file);
    const target = createWriteStream(path, { flags: 'wx', mode: 0o600 });
    await pipeline(source, verifying(file), target, deadline()).catch(giveUp);
  }

  async function openStream(file: StoredFile, range?: ByteRange): Promise<Readable> {
    const expected = range ? { bytes: range.end - range.start + 1 } : file;
    const source = await get(file, range);
    // What goes wrong ends the stream, and with it the answer.
    const verified = start(source, verifying(expected), () => undefined);
    // Until its first bytes are there, a failure can still become an error.
    await once(verified, 'readable').catch(giveUp);
    return verified;
  }

  /** Passes a stream on that holds a connection for as long as its reader takes. */
  async function withPlace(openIt: () => Promise<Readable>): Promise<Readable> {
    if (streams >= limits.streams) {
      throw problems.overloaded(undefined, { headers: { 'retry-after': '5' } });
    }
    streams++;
    try {
      const stream = await openIt();
      return stream.once('close', () => streams--);
    } catch (error) {
      streams--;
      throw error;
    }
  }

  function get(
    { object_key, object_offset, bytes }: StoredFile,
    { start: from, end }: ByteRange = { start: 0, end: bytes - 1 },
  ): Promise<Readable> {
    return storage.get(object_key, { start: object_offset + from, end: object_offset + end });
  }

  function deadline() {
    return { signal: AbortSignal.timeout(limits.deadline) };
  }

  return {
    /** The bytes of a file, or a range of them. */
    open,
    /** A verified copy of a file, for as long as its user wants it. */
    copy: (file: StoredFile): Promise<LocalCopy> => spool.open(file),
  };
}

function openCopy(copy: LocalCopy, range?: ByteRange): Readable {
  return createReadStream(copy.path, range).once('close', copy.release);
}

function giveUp(error: unknown): never {
  if (error instanceof ObjectMissing || error instanceof StorageUnavailable) throw error;
  throw new StorageUnavailable(error);
}
