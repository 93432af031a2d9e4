import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { type Readable, pipeline as start } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { problems } from '../../../http/problem.ts';
import { verifying } from '../../../storage/body.ts';
import { ObjectMissing, StorageUnavailable } from '../../../storage/errors.ts';
import type { ByteRange, Storage } from '../../../storage/storage.ts';
import { createSmallFiles, MAX_SMALL_BYTES } from './small-files.ts';
import { createSpool, type LocalCopy, type StoredFile } from './spool.ts';

export interface ReadLimits {
  /** Largest total of copies on the local disk. */
  spoolBytes: number;
  /** Most files that are streamed from S3 without a copy at once. */
  streams: number;
  /** Longest time until a file has been read from the storage, in milliseconds. */
  deadline: number;
}

/** Largest share of the spool that one file may take; larger files are streamed. */
const MAX_SPOOL_SHARE = 1 / 8;

export type StoredFiles = ReturnType<typeof createStoredFiles>;

/**
 * Reads files from the storage and verifies them. Damaged bytes are neither kept nor sent, except for the
 * beginning of a large file that is streamed: its stream fails before its end.
 *
 * @throws {ObjectMissing} where there is no such object
 * @throws {Problem} `storage_unavailable` where bytes are damaged, late or unavailable
 */
export function createStoredFiles(storage: Storage, limits: ReadLimits) {
  const readSmall = createSmallFiles(async (file) => {
    const source = await get(file);
    return pipeline(source, verifying(file), buffer, deadline()).catch(unavailable);
  });
  const spool = createSpool({
    folder: storage.scratchFolder,
    maxBytes: limits.spoolBytes,
    async fetch(file, path) {
      const source = await get(file);
      const target = createWriteStream(path, { flags: 'wx', mode: 0o600 });
      await pipeline(source, verifying(file), target, deadline()).catch(unavailable);
    },
  });
  const limited = createStreamLimit(limits.streams);

  async function openStream(file: StoredFile, range?: ByteRange): Promise<Readable> {
    const expected = range ? { bytes: range.end - range.start + 1 } : file;
    const source = await get(file, range);
    // An error destroys the stream, and with it the response.
    const verified = start(source, verifying(expected), () => undefined);
    // Until the first bytes are there, a failure can still become an error response.
    await once(verified, 'readable').catch(unavailable);
    return verified;
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
    /** Opens a file, or a range of its bytes. */
    async open(file: StoredFile, range?: ByteRange): Promise<Readable | Buffer> {
      if (file.bytes <= MAX_SMALL_BYTES) {
        const content = await readSmall(file);
        return range ? content.subarray(range.start, range.end + 1) : content;
      }
      if (storage.kind === 'file') return openStream(file, range);
      const isSpooled = file.bytes <= limits.spoolBytes * MAX_SPOOL_SHARE;
      if (isSpooled && spool.hasSpaceFor(file)) return openCopy(await spool.open(file), range);
      return limited(() => openStream(file, range));
    },

    /** Makes a verified local copy of a file, which its user releases. */
    copy: (file: StoredFile): Promise<LocalCopy> => spool.open(file),
  };
}

/** Limits the streams that are open at once: each holds a connection for as long as its reader takes. */
function createStreamLimit(max: number) {
  let count = 0;
  return async (open: () => Promise<Readable>): Promise<Readable> => {
    if (count >= max) throw problems.overloaded(undefined, { retryAfter: 5 });
    count++;
    try {
      return (await open()).once('close', () => count--);
    } catch (error) {
      count--;
      throw error;
    }
  };
}

function openCopy(copy: LocalCopy, range?: ByteRange): Readable {
  return createReadStream(copy.path, range).once('close', copy.release);
}

function unavailable(error: unknown): never {
  if (error instanceof ObjectMissing || error instanceof StorageUnavailable) throw error;
  throw new StorageUnavailable(error);
}
