import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { LeaseTables } from '../../../src/database/lease.ts';
import { newObjectKey } from '../../../src/features/images/files/objects.ts';
import { holdRemovals } from '../../../src/storage/removal-hold.ts';
import { createClient } from '../../../src/storage/s3-client.ts';
import { parseS3Url } from '../../../src/storage/s3-url.ts';
import { CHEAP_HASHES } from '../../helpers/accounts.ts';
import { sqlite } from '../../helpers/databases.ts';
import { download, fixture, uploaded, userWith } from '../../helpers/images.ts';
import { runToEnd } from '../../helpers/process.ts';
import { serverForTest } from '../../helpers/server.ts';
import { folderUrl, hasS3, s3Url } from '../../helpers/storages.ts';

const jpeg = fixture('baseline.jpg');

/** Runs the collector with what a server runs with, on files of any age. */
function collect(
  { dataDir }: { dataDir: string },
  environment: Record<string, string>,
  ...args: string[]
) {
  const everything = { ...process.env, ...environment, DATA_DIR: dataDir } as Record<
    string,
    string
  >;
  return runToEnd('scripts/collect-garbage', ['--older-than', '0', ...args], everything);
}

async function withImage(environment: Record<string, string>) {
  const server = await serverForTest({ ...CHEAP_HASHES, ...environment });
  const owner = await userWith(server, { tier: 'premium' });
  const { id } = await uploaded(server, owner, jpeg);
  const isWhole = async () => (await download(server, owner, id, 'original')).equals(jpeg);
  return { server, isWhole };
}

const STRAYS = ['.DS_Store', 'images/.DS_Store', 'images/logo.png', 'images/ab/notes', 'readme'];
/** Of the form of a key, but for one digit. */
const almostOwn = () => newObjectKey().replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));

describe('the collector', { timeout: 60_000 }, () => {
  it('removes objects without a row, and leaves alone and reports what is not of our form', async () => {
    const url = await folderUrl();
    const { server, isWhole } = await withImage({ STORAGE_URL: url });
    const root = join(url.slice('file:'.length), 'objects');
    const orphan = newObjectKey();
    const others = [...STRAYS, almostOwn(), `images/${randomUUID()}`];
    for (const name of [orphan, ...others]) {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await writeFile(join(root, name), 'x');
    }
    const { code, stdout, stderr } = await collect(server.config, { STORAGE_URL: url }, '--run');
    expect({ code, stdout }).toEqual({ code: 0, stdout: `object  ${orphan}\n` });
    expect(stderr).toContain('5 files were not made by Tally');
    expect(stderr).toContain('"images/logo.png"');
    expect(existsSync(join(root, orphan))).toBe(false);
    for (const name of others) expect(existsSync(join(root, name))).toBe(true);
    expect(await isWhole()).toBe(true);
  });

  it.skipIf(!hasS3)(
    'leaves alone what other applications have in the bucket (needs S3 at TEST_S3_URL)',
    async () => {
      const url = await s3Url();
      const { server, isWhole } = await withImage({ STORAGE_URL: url });
      const config = {
        ...parseS3Url(url),
        connections: 5,
        timeout: 10_000,
        scratchFolder: '',
      };
      const client = createClient(config, 10_000);
      const put = (name: string) =>
        client.send(
          new PutObjectCommand({ Bucket: config.bucket, Key: config.prefix + name, Body: 'x' }),
        );
      const orphan = newObjectKey();
      for (const name of [orphan, ...STRAYS]) await put(name);
      client.destroy();
      const { code, stdout, stderr } = await collect(server.config, { STORAGE_URL: url }, '--run');
      expect({ code, stdout }).toEqual({ code: 0, stdout: `object  ${orphan}\n` });
      expect(stderr).toContain('3 files were not made by Tally');
      expect(await isWhole()).toBe(true);
    },
  );

  it('leaves what a backup in progress needs', async () => {
    const { server } = await withImage({});
    const hold = await holdRemovals(server.app.database.as<LeaseTables>());
    const refused = await collect(server.config, {}, '--run');
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('a backup is running'),
    });
    await hold.release();
    expect(await collect(server.config, {}, '--run')).toMatchObject({ code: 0 });
  });

  it.each([[], ['--run']])('refuses the tables of another version %j', async (...args) => {
    const { server } = await withImage({});
    const { db } = server.app.database;
    await sql`update tally_migrations set name = '9999-of-tomorrow' where name = '0001-images'`.execute(
      db,
    );
    const refused = await collect(server.config, {}, ...args);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('another version of Tally made its tables');
  });

  it.each([
    { name: 'a folder', url: folderUrl, present: true },
    { name: 'S3 (needs S3 at TEST_S3_URL)', url: s3Url, present: hasS3 },
  ])(
    'refuses $name of another installation, whose server does not start either',
    async ({ url, present }) => {
      if (!present) return;
      const STORAGE_URL = await url();
      const { isWhole } = await withImage({ STORAGE_URL });
      const other = await serverForTest({ STORAGE_URL: await folderUrl() });
      const refused = await collect(other.config, { STORAGE_URL }, '--run');
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toMatch(/^tally: the storage at STORAGE_URL .* another installation/);
      expect(await isWhole()).toBe(true);

      const { url: database, drop } = await sqlite.create();
      const started = await runToEnd(process.execPath, ['src/server.ts'], {
        DATABASE_URL: database,
        DATA_DIR: other.config.dataDir,
        STORAGE_URL,
      }).finally(drop);
      expect(started.code).toBe(1);
      expect(started.stderr.trim().split('\n')).toHaveLength(1);
      expect(started.stderr).toContain('another installation');
    },
  );
});
