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
  type S3Client,
} from '@aws-sdk/client-s3';
import { withIdleTimeout } from './body.ts';
import { ObjectMissing, StorageUnavailable, StorageUnusable, throwUnavailable } from './errors.ts';
import { createClient, explain, isMissing, type S3Config, withDeadline } from './s3-client.ts';
import { createScratch } from './scratch.ts';
import { type ByteRange, checkKey, type Storage, type StoredObject } from './storage.ts';

/** Slowest connection to S3 on which the largest files can still be stored, in bytes per millisecond. */
const MIN_RATE = 256;

/** Reads and writes have connections of their own, so that neither can take those of the other. */
interface Bucket {
  config: S3Config;
  reader: S3Client;
  writer: S3Client;
}

/** Keeps objects in a bucket of S3, or of a server with the same API. */
export function createS3Storage(config: S3Config): Storage {
  const bucket: Bucket = {
    config,
    // No time-out of the socket: it could not tell a stalled S3 from a slow reader.
    reader: createClient(config, 0),
    writer: createClient(config, config.timeout),
  };
  const scratch = createScratch(config.scratchFolder);

  async function close(): Promise<void> {
    bucket.reader.destroy();
    bucket.writer.destroy();
    await scratch.close();
  }

  return {
    kind: 's3',
    scratchFolder: scratch.folder,
    async prepare() {
      await scratch.open().catch((error) => {
        throw new StorageUnusable(`its scratch folder: ${error.message}`, error);
      });
      try {
        await serverTime(bucket);
      } catch (error) {
        await close();
        const cause = error instanceof StorageUnavailable ? error.cause : error;
        throw new StorageUnusable(explain(cause, config), cause);
      }
    },
    // Whatever needs no files works without S3, so the server is ready without it.
    check: async () => undefined,
    put: (key, content) =>
      'file' in content ? putFile(bucket, key, content.file) : putBytes(bucket, key, content),
    get: (key, range) => getObject(bucket, key, range),
    remove: (key) => removeObject(bucket, key),
    list: (prefix) => listObjects(bucket, prefix),
    now: () => serverTime(bucket).catch(throwUnavailable),
    close,
  };
}

const locate = ({ bucket, prefix }: S3Config, key: string) => ({
  Bucket: bucket,
  Key: prefix + checkKey(key),
});

async function serverTime({ config, reader }: Bucket): Promise<Date> {
  const command = new HeadBucketCommand({ Bucket: config.bucket });
  let date: string | undefined;
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      date = (result.response as { headers: Record<string, string> }).headers.date;
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  await withDeadline(config.timeout, (options) => reader.send(command, options));
  const time = new Date(date ?? Number.NaN);
  if (Number.isNaN(time.getTime())) throw new Error('S3 does not say what time it is');
  return time;
}

async function putBytes(bucket: Bucket, key: string, content: Buffer): Promise<void> {
  const input = {
    ...locate(bucket.config, key),
    Body: content,
    ContentLength: content.length,
  };
  await putObject(bucket, input, hash('sha256', content)).catch(throwUnavailable);
}

async function putFile(bucket: Bucket, key: string, file: string): Promise<void> {
  const target = locate(bucket.config, key);
  let body: Readable | undefined;
  try {
    const { size: ContentLength } = await stat(file);
    const digest = createHash('sha256');
    await pipeline(createReadStream(file), digest);
    body = createReadStream(file);
    await putObject(bucket, { ...target, Body: body, ContentLength }, digest.digest('hex'));
  } catch (error) {
    throwUnavailable(error);
  } finally {
    body?.destroy();
    await rm(file, { force: true }).catch(() => undefined);
  }
}

/** Sends an object with its SHA-256 in the signature, so that the server refuses other bytes. */
async function putObject(
  { config, writer }: Bucket,
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
  const deadline = 2 * config.timeout + input.ContentLength / MIN_RATE;
  await withDeadline(deadline, (options) => writer.send(command, options));
}

async function getObject(
  { config, reader }: Bucket,
  key: string,
  range?: ByteRange,
): Promise<Readable> {
  const Range = range && `bytes=${range.start}-${range.end}`;
  const command = new GetObjectCommand({ ...locate(config, key), ...(Range && { Range }) });
  try {
    const send = (options: object) => reader.send(command, options);
    const { Body } = await withDeadline(config.timeout, send);
    return withIdleTimeout(Body as Readable, config.timeout);
  } catch (error) {
    if (isMissing(error)) throw new ObjectMissing(key, error);
    throwUnavailable(error);
  }
}

async function removeObject({ config, writer }: Bucket, key: string): Promise<void> {
  const command = new DeleteObjectCommand(locate(config, key));
  await withDeadline(config.timeout, (options) => writer.send(command, options)).catch((error) => {
    // S3 does not say that an object was missing; other servers do.
    if (!isMissing(error)) throwUnavailable(error);
  });
}

async function* listObjects(
  { config: { bucket, prefix, timeout }, reader }: Bucket,
  below: string,
): AsyncGenerator<StoredObject> {
  const input = { Bucket: bucket, Prefix: prefix + below };
  let ContinuationToken: string | undefined;
  do {
    const command = new ListObjectsV2Command({ ...input, ContinuationToken });
    const send = (options: object) => reader.send(command, options);
    const page = await withDeadline(2 * timeout, send).catch(throwUnavailable);
    for (const { Key, LastModified } of page.Contents ?? []) {
      yield { key: Key!.slice(prefix.length), modifiedAt: LastModified! };
    }
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
}
