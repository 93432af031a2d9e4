import { join, resolve } from 'node:path';
import { readSetting } from '../config-error.ts';
import { count, divided, seconds, text, type Values } from '../setting-types.ts';
import { parseS3Url } from './s3-url.ts';
import type { StorageConfig } from './storage.ts';

export const storageVariables = {
  STORAGE_URL: text(
    'file:FOLDER (in DATA_DIR unless absolute) or s3://BUCKET/PREFIX?region=REGION, with KEY:SECRET@ before the bucket unless the AWS tools find them by themselves, and &endpoint=URL where the server is not Amazon',
    'file:files',
    '^(file:.+|s3://.+)$',
    'be file:FOLDER or s3://BUCKET/PREFIX?region=REGION',
  ),
  STORAGE_CONNECTIONS: divided(
    count('most connections to S3 for reading, and as many for writing', 100, 1, 10_000),
  ),
  STORAGE_TIMEOUT: seconds(
    'time without progress after which S3 counts as unavailable; at most BODY_IDLE_TIMEOUT / 3',
    10,
    0.05,
  ),
};

export function toStorageSettings(
  env: Values<typeof storageVariables>,
  { dataDir, bodyIdleTimeout }: { dataDir: string; bodyIdleTimeout: number },
): StorageConfig {
  const [, folder] = /^file:(?:\/\/)?(.+)$/s.exec(env.STORAGE_URL) ?? [];
  if (folder !== undefined) return { kind: 'file', folder: resolve(dataDir, folder) };
  return {
    kind: 's3',
    scratchFolder: join(dataDir, 'scratch'),
    connections: env.STORAGE_CONNECTIONS,
    // A client that receives nothing for bodyIdleTimeout is cut off; it has to get its answer before that.
    timeout: Math.min(env.STORAGE_TIMEOUT * 1000, bodyIdleTimeout / 3),
    ...readSetting('STORAGE_URL', 'it is file:FOLDER or s3://BUCKET/PREFIX', () =>
      parseS3Url(env.STORAGE_URL),
    ),
  };
}
