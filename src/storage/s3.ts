import { createReadStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  NoSuchKey,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { ObjectMissing, StorageUnavailable } from './errors.ts';
import { checkKey, type Storage, type StoredObject } from './storage.ts';

export interface S3Config {
  bucket: string;
  /** Stands before each key: empty, or with a slash at its end. */
  prefix: string;
  region: string;
  /** Another server than Amazon's. Buckets are part of the path there. */
  endpoint?: string;
  /** Without them: those that the AWS tools would find, in the environment or from the machine's role. */
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

const CONNECT_TIMEOUT = 5000;
/** How long nothing may move on a connection, in milliseconds. */
const IDLE_TIMEOUT = 30_000;

/** Objects in a bucket of S3, or of a server that speaks as S3 does. */
export function createS3Storage(config: S3Config, scratchFolder: string): Storage {
  const { bucket, prefix } = config;
  const client = createClient(config);
  const at = (key: string) => ({ Bucket: bucket, Key: prefix + checkKey(key) });

  async function prepare(): Promise<void> {
    await mkdir(scratchFolder, { recursive: true, mode: 0o700 });
    await client.send(new HeadBucketCommand({ Bucket: bucket })).catch(giveUp);
  }

  async function put(key: string, content: Buffer | { file: string }): Promise<void> {
    if (!('file' in content)) {
      await client.send(new PutObjectCommand({ ...at(key), Body: content })).catch(giveUp);
      return;
    }
    const { size } = await stat(content.file);
    const body = createReadStream(content.file);
    try {
      const command = new PutObjectCommand({ ...at(key), Body: body, ContentLength: size });
      await client.send(command).catch(giveUp);
    } finally {
      body.destroy();
      await rm(content.file, { force: true });
    }
  }

  async function* list(): AsyncGenerator<StoredObject> {
    const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix });
    for await (const { Contents = [] } of pages) {
      for (const { Key, LastModified } of Contents) {
        yield { key: Key!.slice(prefix.length), modifiedAt: LastModified! };
      }
    }
  }

  return {
    scratchFolder,
    prepare,
    put,
    async get(key, range) {
      const Range = range && `bytes=${range.start}-${range.end}`;
      const command = new GetObjectCommand({ ...at(key), ...(Range && { Range }) });
      const { Body } = await client
        .send(command)
        .catch((error) => {
          throw error instanceof NoSuchKey ? new ObjectMissing(key, error) : error;
        })
        .catch(giveUp);
      return Body as Readable;
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand(at(key))).catch((error) => {
        // S3 does not say that an object was missing; others do.
        if (!(error instanceof NoSuchKey)) giveUp(error);
      });
    },
    list,
    close: () => client.destroy(),
  };
}

function createClient({ region, endpoint, credentials }: S3Config): S3Client {
  return new S3Client({
    region,
    ...(endpoint && { endpoint, forcePathStyle: true }),
    // A copy: the client writes into it, and the configuration is frozen.
    ...(credentials && { credentials: { ...credentials } }),
    // The newer checksums are Amazon's own; other servers do not know them. SigV4 covers the bytes.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT, socketTimeout: IDLE_TIMEOUT },
  });
}

function giveUp(error: unknown): never {
  throw error instanceof ObjectMissing ? error : new StorageUnavailable(error);
}
