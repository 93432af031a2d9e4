import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { createBucket } from './s3-bucket.ts';

const { TEST_S3_URL, TEST_ALL_STORAGES, CI } = process.env;

/**
 * True if TEST_S3_URL names an S3 server; `scripts/lib/start-swift` starts one and prints its URL. It must not be missing
 * with TEST_ALL_STORAGES, and in CI.
 */
export const hasS3 = TEST_S3_URL !== undefined;
if (!hasS3 && (TEST_ALL_STORAGES || CI))
  throw new Error('TEST_S3_URL is missing; scripts/lib/start-swift prints it');

/** Creates an empty folder for files, and returns it as STORAGE_URL. */
export async function folderUrl(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-storage-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return `file:${folder}`;
}

/** Returns the STORAGE_URL of an empty prefix in the bucket that TEST_S3_URL names. The bucket is created if it is missing. */
export async function s3Url(): Promise<string> {
  const url = new URL(TEST_S3_URL!);
  await createBucket(url.href);
  url.pathname = `/${randomUUID()}`;
  return url.href;
}

/** Opens a storage, emptied and closed when the test that calls it ends. */
export async function storageForTest(url: string): Promise<Storage> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tally-storage-'));
  const storage = openStorage(loadConfig({ DATA_DIR: dataDir, STORAGE_URL: url }).storage);
  onTestFinished(() => rm(dataDir, { recursive: true }));
  await storage.prepare();
  onTestFinished(async () => {
    for await (const { key } of storage.list('')) await storage.remove(key);
    await storage.close();
  });
  return storage;
}
