import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/database/database.ts';
import { CHEAP_HASHES, me, register, signIn } from '../helpers/accounts.ts';
import { databases } from '../helpers/databases.ts';
import { upload } from '../helpers/images.ts';
import { startServerProcess } from '../helpers/process.ts';
import { serverProcessForTest } from '../helpers/server.ts';
import { refusal } from '../helpers/shop.ts';
import { folderUrl } from '../helpers/storages.ts';

const PHOTO = new URL('../fixtures/images/baseline.jpg', import.meta.url);
const database = databases.at(-1)!;

/** Creates a database, and returns the settings of servers that share nothing else. */
async function sharedSettings() {
  const { url, drop } = await database.create();
  onTestFinished(drop);
  return { ...CHEAP_HASHES, DATABASE_URL: url, PUBLIC_URL: 'http://tally.test' };
}

it('servers with keys and folders of their own refuse tokens, and miss files of each other', async () => {
  const settings = await sharedSettings();
  const [first, second] = [
    await serverProcessForTest(settings),
    await serverProcessForTest(settings),
  ];
  const account = await register(first);
  const { access_token } = await signIn(first, account);
  expect((await me(first, access_token)).status).toBe(200);
  expect(await refusal(me(second, access_token))).toEqual([401, 'invalid_token']);

  const image = { image: await readFile(PHOTO), name: 'photo.jpg', type: 'image/jpeg' };
  const uploaded = await upload(first, access_token, image);
  const { images } = (await uploaded.json()) as { images: { url: string }[] };
  const { pathname } = new URL(images[0]!.url);
  const own = await signIn(second, account);
  const headers = { authorization: `Bearer ${own.access_token}` };
  const answer = fetch(second.url + pathname, { headers });
  expect(await refusal(answer)).toEqual([503, 'storage_unavailable']);
  expect(second.output.stdout).toContain('ObjectMissing');
}, 120_000);

it('a server of another database does not start with a storage that is in use', async () => {
  const STORAGE_URL = await folderUrl();
  await serverProcessForTest({ ...(await sharedSettings()), STORAGE_URL });
  const other = startServerProcess({ ...(await sharedSettings()), STORAGE_URL });
  await expect(other).rejects.toThrow(
    'Set STORAGE_URL and DATABASE_URL so that they belong together',
  );
}, 120_000);

it('a server goes on when a newer version has changed the tables, and does not start again', async () => {
  const settings = await sharedSettings();
  const server = await serverProcessForTest(settings);
  const { access_token } = await signIn(server, await register(server));
  const { db, close } = openDatabase(
    loadConfig({ ...settings, DATA_DIR: join(tmpdir(), 'unused') }).database,
  );
  onTestFinished(close);
  await sql`insert into tally_migrations (name, timestamp) values ('9999-newer', '2030-01-01')`.execute(
    db,
  );
  expect((await me(server, access_token)).status).toBe(200);
  await server.end('SIGTERM');
  await expect(server.start()).rejects.toThrow('another version of Tally made its tables');
}, 120_000);
