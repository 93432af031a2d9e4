import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { withIdleTimeout } from './body.ts';
import { ObjectMissing, StorageUnavailable, StorageUnusable } from './errors.ts';
import {
  createClient,
  explain,
  isMissing,
  type S3Config,
  type S3Limits,
  withDeadline,
} from './s3-client.ts';
import { createScratch } from './scratch.ts';
import { type ByteRange, checkKey, type Storage, type StoredObject } from './storage.ts';

/** Slowest connection to S3 on which the largest files can still be stored, in bytes per millisecond. */
const LEAST_RATE = 256;

/**
 * Objects in a bucket of S3, or of a server that speaks as S3 does. Reads and writes have connections of
 * their own, so neither can take those of the other.
 */
export function createS3Storage(config: S3Config & S3Limits & { scratchFolder: string }): Storage {
  const { bucket, prefix, timeout } = config;
  // A body that is read waits for its reader, too, which a time-out of the socket would not tell apart.
  const reader = createClient(config, config, 0);
  const writer = createClient(config, config, timeout);
  const scratch = createScratch(config.scratchFolder);
  const at = (key: string) => ({ Bucket: bucket, Key: prefix + checkKey(key) });

  async function prepare(): Promise<void> {
    try {
      await scratch.open();
    } catch (error) {
      throw new StorageUnusable(`its scratch folder: ${(error as Error).message}`, error);
    }
    try {
      await headBucket();
    } catch (error) {
      await close();
      const cause = error instanceof StorageUnavailable ? error.cause : error;
      throw new StorageUnusable(explain(cause, config), cause);
    }
  }

  async function headBucket(): Promise<Date> {
    const command = new HeadBucketCommand({ Bucket: bucket });
    let date: string | undefined;
    command.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        date = (result.response as { headers: Record<string, string> }).headers.date;
        return result;
      },
      { step: 'deserialize', priority: 'low' },
    );
    await withDeadline(timeout, (options) => reader.send(command, options));
    const found = new Date(date ?? Number.NaN);
    if (Number.isNaN(found.getTime())) throw new Error('S3 does not say what time it is');
    return found;
  }

  /** Sends an object with its SHA-256 in the signature, so that a server refuses other bytes. */
  async function send(
    input: PutObjectCommandInput & { ContentLength: number },
    sha256: string,
  ): Promise<void> {
    const command = new PutObjectCommand(input);
    command.middlewareStack.add(
      (next) => (args) => {
        const { headers } = args.request as { headers: Record<string, string> };
        headers['x-amz-content-sha256'] = sha256;
        return next(args);
      },
      { step: 'build' },
    );
    const longest = 2 * timeout + input.ContentLength / LEAST_RATE;
    await withDeadline(longest, (options) => writer.send(command, options));
  }

  async function put(key: string, content: Buffer | { file: string }): Promise<void> {
    if ('file' in content) return putFile(key, content.file);
    const input = { ...at(key), Body: content, ContentLength: content.length };
    await send(input, hash('sha256', content)).catch(giveUp);
  }

  async function putFile(key: string, file: string): Promise<void> {
    const target = at(key);
    let body: Readable | undefined;
    try {
      const { size: ContentLength } = await stat(file);
      const sha256 = createHash('sha256');
      await pipeline(createReadStream(file), sha256);
      body = createReadStream(file);
      await send({ ...target, Body: body, ContentLength }, sha256.digest('hex'));
    } catch (error) {
      giveUp(error);
    } finally {
      body?.destroy();
      await rm(file, { force: true }).catch(() => undefined);
    }
  }

  async function get(key: string, range?: ByteRange): Promise<Readable> {
    const Range = range && `bytes=${range.start}-${range.end}`;
    const command = new GetObjectCommand({ ...at(key), ...(Range && { Range }) });
    const { Body } = await withDeadline(timeout, (options) => reader.send(command, options)).catch(
      (error) => {
        throw isMissing(error) ? new ObjectMissing(key, error) : toUnavailable(error);
      },
    );
    return withIdleTimeout(Body as Readable, timeout);
  }

  async function remove(key: string): Promise<void> {
    const command = new DeleteObjectCommand(at(key));
    await withDeadline(timeout, (options) => writer.send(command, options)).catch((error) => {
      // S3 does not say that an object was missing; others do.
      if (!isMissing(error)) giveUp(error);
    });
  }

  async function* list(below: string): AsyncGenerator<StoredObject> {
    const input = { Bucket: bucket, Prefix: prefix + below };
    let ContinuationToken: string | undefined;
    do {
      const command = new ListObjectsV2Command({ ...input, ContinuationToken });
      const page = await withDeadline(2 * timeout, (options) =>
        reader.send(command, options),
      ).catch(giveUp);
      for (const { Key, LastModified } of page.Contents ?? []) {
        yield { key: Key!.slice(prefix.length), modifiedAt: LastModified! };
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
  }

  async function close(): Promise<void> {
    reader.destroy();
    writer.destroy();
    await scratch.close();
  }

  return {
    kind: 's3',
    scratchFolder: scratch.folder,
    prepare,
    // All that needs no files goes on without S3, so the server is ready without it.
    check: async () => undefined,
    put,
    get,
    remove,
    list,
    now: () => headBucket().catch(giveUp),
    close,
  };
}

function toUnavailable(error: unknown): StorageUnavailable {
  return error instanceof StorageUnavailable ? error : new StorageUnavailable(error);
}

function giveUp(error: unknown): never {
  throw toUnavailable(error);
}
