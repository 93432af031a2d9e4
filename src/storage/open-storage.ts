import { createFolderStorage } from './folder.ts';
import { createS3Storage } from './s3.ts';
import type { Storage, StorageConfig } from './storage.ts';
import { timedStorage } from './timed-storage.ts';

export function openStorage(config: StorageConfig): Storage {
  return timedStorage(
    config.kind === 'file' ? createFolderStorage(config.folder) : createS3Storage(config),
  );
}
