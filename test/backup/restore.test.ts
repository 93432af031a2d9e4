import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectJson, me, PASSWORD, send, signIn } from '../helpers/accounts.ts';
import { download, fixture, type ImageView, sizesIn, uploaded } from '../helpers/images.ts';
import { runToEnd } from '../helpers/process.ts';
import { guestToken } from '../helpers/server.ts';
import { refusal } from '../helpers/shop.ts';
import { hasS3, s3Url, storageForTest } from '../helpers/storages.ts';
import {
  backUp,
  databaseForTest,
  folderForTest,
  largeImage,
  restore,
  SETTINGS,
  serverOn,
  siteForTest,
  startCommand,
  untilWritten,
  userOf,
} from './site.ts';

const jpeg = fixture('baseline.jpg');
const ORIGIN = SETTINGS.PUBLIC_URL;
type Server = { url: string };

/** Makes something of every kind, and returns it with what clients hold. */
async function fill(site: Awaited<ReturnType<typeof siteForTest>>) {
  const user = await userOf(site, { tier: 'enterprise', role: 'admin' });
  const token = user.access_token;
  const body = { name: 'Thing', price: 250, currency: 'EUR', quantity_in_stock: 10 };
  const product = await expectJson(send(site, 'POST', '/products', { token, body }), 201);
  const parts = [{ product: product.id, quantity_in_order: 3 }];
  const order = await expectJson(send(site, 'POST', '/orders', { token, body: { parts } }), 201);
  const image = await uploaded(site, { token }, jpeg);
  const path = `/images/${image.id}/links`;
  const wanted = { token, body: { expiring_time_seconds: 3000 } };
  const links = await expectJson<{ url: string }>(send(site, 'POST', path, wanted), 201);
  const guest = await guestToken(site);
  return { user, token, product, order, image, link: links.url, guest };
}

async function bytesAt(server: Server, url: string): Promise<Buffer> {
  const response = await fetch(url.replace(ORIGIN, server.url));
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return Buffer.from(await response.arrayBuffer());
}

/** Reads everything that the clients of {@link fill} can read. */
async function readAll(server: Server, world: Awaited<ReturnType<typeof fill>>) {
  const { token, product, order, image, link, guest } = world;
  const view = await expectJson<ImageView>(send(server, 'GET', `/images/${image.id}`, { token }));
  return {
    account: await expectJson(me(server, token)),
    sessions: await expectJson(send(server, 'GET', '/accounts/sessions', { token })),
    product: await expectJson(send(server, 'GET', `/products/${product.id}`, { token })),
    order: await expectJson(send(server, 'GET', `/orders/${order.id}`, { token })),
    sizes: await Promise.all(
      sizesIn(view).map(async (size) =>
        (await download(server, { token }, image.id, size)).toString('base64'),
      ),
    ),
    signed: await Promise.all(
      image.images.map(async ({ url }) => (await bytesAt(server, url)).toString('base64')),
    ),
    linked: (await bytesAt(server, link)).toString('base64'),
    sum: await expectJson(send(server, 'POST', '/sum', { token: guest, body: [0.1, 0.2] })),
  };
}

describe('a restored server', { timeout: 120_000 }, () => {
  it('has everything that clients had, down to their sessions, tokens, links and addresses', async () => {
    const site = await siteForTest();
    const world = await fill(site);
    const before = await readAll(site, world);
    const folder = await folderForTest();
    const file = join(folder, 'backup.tar');
    expect(await backUp(site, file)).toMatchObject({ code: 0 });
    await site.server.end('SIGTERM');

    const environment = { ...SETTINGS, DATA_DIR: join(folder, 'data') };
    const made = await restore(environment, file);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(/^Tally [\d.]+, .*: sqlite, 1 account, 1 order, 1 file \(/);
    for (const entry of await readdir(environment.DATA_DIR, { recursive: true })) {
      const { mode } = statSync(join(environment.DATA_DIR, entry));
      expect((mode & 0o777).toString(8), entry).toMatch(/^[67]00$/);
    }
    expect(statSync(environment.DATA_DIR).mode & 0o777).toBe(0o700);

    const restored = await serverOn(environment);
    const after = await readAll(restored, world);
    expect(after).toEqual(before);
    expect(before.sizes.length).toBeGreaterThan(1);
    expect(before.sizes.at(-1)).toBe(jpeg.toString('base64'));
    const { refresh_token } = world.user;
    await expectJson(send(restored, 'POST', '/accounts/refresh', { body: { refresh_token } }));
    await signIn(restored, world.user, PASSWORD);
    const parts = [{ product: world.product.id, quantity_in_order: 8 }];
    const { token } = world;
    const order = send(restored, 'POST', '/orders', { token, body: { parts } });
    expect(await refusal(order)).toEqual([400, 'insufficient_stock']);
  });

  it('may have its files in another folder', async () => {
    const site = await siteForTest();
    const world = await fill(site);
    const before = await readAll(site, world);
    const folder = await folderForTest();
    const file = join(folder, 'backup.tar');
    await backUp(site, file);
    const environment = {
      ...SETTINGS,
      DATA_DIR: join(folder, 'data'),
      STORAGE_URL: `file:${join(folder, 'elsewhere')}`,
      DATABASE_URL: `sqlite:${join(folder, 'database/tally.db')}`,
    };
    expect(await restore(environment, file)).toMatchObject({ code: 0 });
    expect(await readAll(await serverOn(environment), world)).toEqual(before);
    const again = { ...environment, DATA_DIR: join(folder, 'more'), DATABASE_URL: '' };
    const refused = await restore(again, file);
    expect(refused).toMatchObject({ code: 1 });
    // It belongs to the same installation, but nothing here was interrupted.
    expect(refused.stderr).toMatch(/^tally: the storage at STORAGE_URL is not empty[^\n]*\n$/);
  });

  it.skipIf(!hasS3)(
    'may have its files in S3, and be backed up from there (needs S3 at TEST_S3_URL)',
    async () => {
      const [from, to] = [await s3Url(), await s3Url()];
      for (const url of [from, to]) await storageForTest(url);
      const site = await siteForTest({ STORAGE_URL: from });
      const world = await fill(site);
      const before = await readAll(site, world);
      const folder = await folderForTest();
      const file = join(folder, 'backup.tar');
      expect(await backUp(site, file)).toMatchObject({ code: 0 });
      const environment = { ...SETTINGS, DATA_DIR: join(folder, 'data'), STORAGE_URL: to };
      expect(await restore(environment, file)).toMatchObject({ code: 0 });
      expect(await readAll(await serverOn(environment), world)).toEqual(before);

      expect(await backUp(site, '--without-files', '--force', file)).toMatchObject({ code: 0 });
      await site.server.end('SIGTERM');
      const same = { ...SETTINGS, DATA_DIR: join(folder, 'same'), STORAGE_URL: from };
      expect(await restore(same, file)).toMatchObject({ code: 0 });
      expect(await readAll(await serverOn(same), world)).toEqual(before);
    },
  );
});

describe('a restore', { timeout: 120_000 }, () => {
  it('refuses a folder that is not empty, and so one with a server', async () => {
    const site = await siteForTest();
    const folder = await folderForTest();
    const file = join(folder, 'backup.tar');
    await backUp(site, file);
    const running = await restore(site.environment, file);
    expect(running).toMatchObject({ code: 1, stdout: '' });
    expect(running.stderr).toMatch(/^tally: there is a database already \([^\n]*\n$/);
    const other = await restore({ ...SETTINGS, DATA_DIR: folder }, file);
    expect(other).toMatchObject({ code: 1, stdout: '' });
    expect(other.stderr).toMatch(/^tally: DATA_DIR is not empty \([^\n]*backup\.tar\)[^\n]*\n$/);
    expect(await readdir(folder)).toEqual(['backup.tar']);
  });

  it('verifies with --check, and changes nothing', async () => {
    const site = await siteForTest();
    const folder = await folderForTest();
    const file = join(folder, 'backup.tar');
    await backUp(site, file);
    const environment = { ...SETTINGS, DATA_DIR: join(folder, 'data') };
    expect(await restore(environment, '--check', file)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Tally /),
      stderr: '',
    });
    expect(await readdir(folder)).toEqual(['backup.tar']);
  });

  it('that was killed is repeated, and no server starts with what it left', async () => {
    const site = await siteForTest();
    const { access_token: token } = await userOf(site, { tier: 'enterprise' });
    const large = await largeImage();
    const ids: string[] = [];
    for (let count = 0; count < 2; count++) ids.push((await uploaded(site, { token }, large)).id);
    const folder = await folderForTest();
    const file = join(folder, 'backup.tar');
    await backUp(site, file);
    const environment = { ...SETTINGS, DATA_DIR: join(folder, 'data') };
    const { child, done } = startCommand('scripts/restore', [file], environment);
    await untilWritten(join(environment.DATA_DIR, 'tally.db.restoring'));
    child.kill('SIGKILL');
    expect((await done).code).toBeNull();
    const started = await runToEnd(process.execPath, ['src/server.ts'], environment);
    expect(started).toMatchObject({ code: 1, stdout: '' });
    expect(started.stderr).toMatch(/^tally: [^\n]*a restore has not ended[^\n]*\n$/);
    expect(existsSync(join(environment.DATA_DIR, 'tally.db'))).toBe(false);
    expect(await restore(environment, file)).toMatchObject({ code: 0, stderr: '' });
    expect((await readdir(environment.DATA_DIR)).toSorted()).toEqual([
      'files',
      'link-keys.json',
      'signing-keys.json',
      'tally.db',
    ]);
    const restored = await serverOn(environment);
    for (const id of ids) {
      expect((await download(restored, { token }, id, 'original')).equals(large)).toBe(true);
    }
    const { db } = databaseForTest(environment);
    expect(await db.selectFrom('images').select('id').execute()).toHaveLength(2);
  });
});
