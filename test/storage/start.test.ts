import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runToEnd } from '../helpers/process.ts';
import { hasS3, s3Url } from '../helpers/storages.ts';

/** What a server says that does not start. */
async function refusal(storageUrl: string): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tally-test-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  await writeFile(join(dataDir, 'note.txt'), 'no folder');
  const environment = { DATA_DIR: dataDir, STORAGE_URL: storageUrl, STORAGE_TIMEOUT: '2' };
  const { code, stderr } = await runToEnd(process.execPath, ['src/server.ts'], environment);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^tally: the storage at STORAGE_URL cannot be used: [^\n]+\n$/);
  return stderr;
}

describe('a server does not start, and says why in one line', { timeout: 60_000 }, () => {
  it('where S3 cannot be reached', async () => {
    const line = await refusal('s3://key:hidden@bucket/x?endpoint=http://127.0.0.1:1');
    expect(line).toContain('http://127.0.0.1:1 does not answer: connect ECONNREFUSED');
    expect(line).not.toContain('hidden');
  });

  it('where the folder is none', async () => {
    expect(await refusal('file:note.txt')).toContain('ENOTDIR');
  });

  it.skipIf(!hasS3)('where the secret is wrong (needs S3 at TEST_S3_URL)', async () => {
    const url = new URL(await s3Url());
    url.password = 'hidden';
    const line = await refusal(url.href);
    expect(line).toContain('S3 refuses the key or the secret');
    expect(line).not.toContain('hidden');
  });

  it.skipIf(!hasS3)('where there is no such bucket (needs S3 at TEST_S3_URL)', async () => {
    const url = new URL(await s3Url());
    url.host = 'no-such-bucket';
    expect(await refusal(url.href)).toContain('there is no bucket "no-such-bucket"');
  });
});
