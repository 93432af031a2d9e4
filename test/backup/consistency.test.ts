import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { open, readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { unpackTar } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import { expectJson, send } from '../helpers/accounts.ts';
import { download, fixture, uploaded } from '../helpers/images.ts';
import { root } from '../helpers/process.ts';
import {
  backUp,
  databaseForTest,
  folderForTest,
  restore,
  SETTINGS,
  type Site,
  serverOn,
  siteForTest,
  siteWithImages,
  startCommand,
  userOf,
} from './site.ts';

const jpeg = fixture('baseline.jpg');

const objectsOf = async ({ environment }: Site) =>
  (
    await readdir(join(environment.DATA_DIR, 'files/objects/images'), {
      recursive: true,
      withFileTypes: true,
    })
  ).filter((entry) => entry.isFile());

describe('a backup of a running server', { timeout: 120_000 }, () => {
  it('has every file of its database, although images are deleted meanwhile', async () => {
    const { site, token, images } = await siteWithImages();
    const { child, done } = startCommand('scripts/backup', ['-'], site.environment);
    const chunks: Buffer[] = [await nextChunk(child.stdout)];
    // Its reader stands still: the database is copied, and most files are not.
    const before = await objectsOf(site);
    for (const id of images.keys()) {
      expect((await send(site, 'DELETE', `/images/${id}`, { token })).status).toBe(204);
    }
    const late = await uploaded(site, { token }, jpeg);
    const removed = await site.db.selectFrom('removed_objects').select('object_key').execute();
    expect(removed).toHaveLength(before.length);
    expect(await objectsOf(site)).toHaveLength(before.length + 1);
    for await (const chunk of child.stdout) chunks.push(chunk);
    expect(await done).toMatchObject({ code: 0 });

    const folder = await folderForTest();
    const file = join(folder, 'backup.tar');
    await writeFile(file, Buffer.concat(chunks));
    const environment = { ...SETTINGS, DATA_DIR: join(folder, 'data') };
    expect(await restore(environment, file)).toMatchObject({ code: 0 });
    const restored = await serverOn(environment);
    for (const [id, content] of images) {
      expect((await download(restored, { token }, id, 'original')).equals(content)).toBe(true);
    }
    expect((await send(restored, 'GET', `/images/${late.id}`, { token })).status).toBe(404);

    // What the backup held back is removed with the next image.
    await send(site, 'DELETE', `/images/${late.id}`, { token });
    await expect.poll(() => objectsOf(site), { timeout: 10_000 }).toHaveLength(0);
  });

  it('agrees with itself at any moment of uploads, deletions and orders', async () => {
    const site = await siteForTest();
    const { access_token: token } = await userOf(site, { tier: 'enterprise', role: 'admin' });
    const body = { name: 'Thing', price: 1, currency: 'EUR', quantity_in_stock: 100_000 };
    const product = await expectJson(send(site, 'POST', '/products', { token, body }), 201);
    let isOver = false;
    const busy = [
      async () => {
        const { id } = await uploaded(site, { token }, jpeg);
        if (Math.random() < 0.8) await send(site, 'DELETE', `/images/${id}`, { token });
      },
      async () => {
        const parts = [{ product: product.id, quantity_in_order: 1 }];
        await expectJson(send(site, 'POST', '/orders', { token, body: { parts } }), 201);
      },
    ];
    const load = [...busy, busy[0]!].map(async (once) => {
      while (!isOver) await once();
    });
    const folder = await folderForTest();
    const names = ['a', 'b', 'c'];
    for (const name of names) {
      expect(await backUp(site, join(folder, name))).toMatchObject({ code: 0 });
      await setTimeout(100);
    }
    isOver = true;
    await Promise.all(load);
    let images = 0;
    for (const name of names) {
      const environment = { ...SETTINGS, DATA_DIR: join(folder, `${name}-data`) };
      expect(await restore(environment, join(folder, name))).toMatchObject({ code: 0 });
      const { db } = databaseForTest(environment);
      for (const row of await db.selectFrom('image_files').selectAll().execute()) {
        images++;
        const object = await readFile(join(environment.DATA_DIR, 'files/objects', row.object_key));
        const part = object.subarray(row.object_offset, row.object_offset + row.bytes);
        expect(createHash('sha256').update(part).digest().equals(row.sha256)).toBe(true);
      }
      const { taken } = await db
        .selectFrom('order_parts')
        .select(({ fn }) => fn.sum('quantity').as('taken'))
        .executeTakeFirstOrThrow();
      const { quantity_in_stock } = await db
        .selectFrom('products')
        .select('quantity_in_stock')
        .executeTakeFirstOrThrow();
      expect(Number(taken) + quantity_in_stock).toBe(100_000);
    }
    expect(images).toBeGreaterThan(0);
  });

  it('tells which files the storage has lost, and has all others', async () => {
    const { site, token, images } = await siteWithImages();
    const [lost] = images.keys();
    const { object_key } = await site.db
      .selectFrom('image_files')
      .where('image_id', '=', lost!)
      .select('object_key')
      .executeTakeFirstOrThrow();
    await unlink(join(site.environment.DATA_DIR, 'files/objects', object_key));
    const folder = await folderForTest();
    const made = await backUp(site, join(folder, 'a'));
    expect(made).toMatchObject({ code: 3 });
    expect(made.stderr).toContain(`missing  ${object_key}\n`);
    const environment = { ...SETTINGS, DATA_DIR: join(folder, 'data') };
    expect(await restore(environment, join(folder, 'a'))).toMatchObject({
      code: 3,
      stderr: 'The archive lacks 1 file, which the storage had lost.\n',
    });
    const restored = await serverOn(environment);
    const others = [...images].filter(([id]) => id !== lost);
    for (const [id, content] of others) {
      expect((await download(restored, { token }, id, 'original')).equals(content)).toBe(true);
    }
  });
});

describe('an archive', { timeout: 60_000 }, () => {
  it('is private, replaces no file without --force, and leaves out what it is told to', async () => {
    const site = await siteForTest();
    const folder = await folderForTest();
    const file = join(folder, 'backup.tar');
    expect(await backUp(site, file)).toMatchObject({ code: 0, stdout: '' });
    const handle = await open(file);
    expect((await handle.stat()).mode & 0o777).toBe(0o600);
    await handle.close();
    expect(await namesIn(file)).toEqual([
      'manifest.json',
      'database.sqlite',
      'keys/signing-keys.json',
      'keys/link-keys.json',
      'SHA256SUMS',
    ]);
    const again = await backUp(site, file);
    expect(again).toMatchObject({
      code: 1,
      stderr: `tally: ${file} exists; --force replaces it\n`,
    });
    const forced = await backUp(site, '--force', '--without-keys', '--without-files', file);
    expect(forced).toMatchObject({ code: 0 });
    expect(forced.stderr).toContain('no files, no keys');
    expect(await namesIn(file)).toEqual(['manifest.json', 'database.sqlite', 'SHA256SUMS']);
    expect(await backUp(site, folder, '--force')).toMatchObject({ code: 1 });
  });

  it('is where its caller says, relative to the folder of the call', async () => {
    const { environment } = await siteForTest();
    const folder = await folderForTest();
    const call = (script: string, args: string[], settings = {}) =>
      promisify(execFile)(join(root, script), args, {
        cwd: folder,
        env: { ...process.env, ...environment, ...settings },
      });
    const file = join(folder, 'backup.tar');
    const made = await call('scripts/backup', ['backup.tar']);
    expect(made.stderr).toMatch(new RegExp(`^${file} has the database `));
    expect(await readdir(folder)).toEqual(['backup.tar']);
    const verified = await call('scripts/restore', ['--check', 'backup.tar']);
    expect(verified.stdout).toMatch(new RegExp(`\nVerified ${file}\n$`));
    const target = join(folder, 'data');
    const restored = await call('scripts/restore', ['backup.tar'], { DATA_DIR: target });
    expect(restored.stdout).toMatch(new RegExp(`\nRestored ${file} into ${target}\n$`));
  });

  it('has one name, in a folder that exists', async () => {
    const site = await siteForTest();
    const folder = await folderForTest();
    const file = join(folder, 'none/backup.tar');
    expect(await backUp(site, file)).toEqual({
      code: 1,
      stdout: '',
      stderr: `tally: there is no folder ${join(folder, 'none')}\n`,
    });
    const missing = await restore(site.environment, '--check', file);
    expect(missing).toMatchObject({ code: 1, stderr: `tally: there is no file ${file}\n` });
    for (const run of [backUp(site, file, 'y'), restore(site.environment, file, 'y')]) {
      const { code, stderr } = await run;
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringMatching(/^tally: unexpected argument "y"[^\n]*\n$/),
      });
    }
    const command = await backUp(site, file, '--', 'y');
    expect(command).toMatchObject({ code: 2, stderr: 'tally: SQLite needs no COMMAND\n' });
  });

  it('is refused without a database, and without a file name', async () => {
    const folder = await folderForTest();
    const environment = { ...SETTINGS, DATA_DIR: join(folder, 'none') };
    const missing = await backUp({ environment }, join(folder, 'a'));
    expect(missing).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no database at DATABASE_URL'),
    });
    expect(await readdir(folder)).toEqual([]);
    expect(await backUp({ environment })).toMatchObject({ code: 2 });
  });
});

async function namesIn(file: string): Promise<string[]> {
  return (await unpackTar(await readFile(file))).map(({ header }) => header.name);
}

async function nextChunk(stream: NodeJS.ReadableStream): Promise<Buffer> {
  await once(stream, 'readable');
  return stream.read() as unknown as Buffer;
}
