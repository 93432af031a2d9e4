import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { LeaseTables } from '../../../src/database/lease.ts';
import { createAccountDirectory } from '../../../src/features/accounts/directory/repository.ts';
import type { AccountTables } from '../../../src/features/accounts/tables.ts';
import { newObjectKey } from '../../../src/features/images/files/objects.ts';
import { createFileRepository } from '../../../src/features/images/files/repository.ts';
import { createImageRepository } from '../../../src/features/images/images/repository.ts';
import { createLinkRepository } from '../../../src/features/images/links/repository.ts';
import { createRemovals } from '../../../src/features/images/sweep/removals.ts';
import { createSweepRepository } from '../../../src/features/images/sweep/repository.ts';
import { createSweeper } from '../../../src/features/images/sweep/sweeper.ts';
import type { ImageTables } from '../../../src/features/images/tables.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { HEARTBEAT_TIMEOUT_MS } from '../../../src/storage/scratch.ts';
import type { StorageTables } from '../../../src/storage/tables.ts';
import { CHEAP_HASHES, send, serverOn } from '../../helpers/accounts.ts';
import { describeOnEachDatabase, sqlite } from '../../helpers/databases.ts';
import {
  download,
  fixture,
  storedFiles,
  upload,
  uploaded,
  userWith,
} from '../../helpers/images.ts';
import { serverForTest, serverProcessForTest, type TestServer } from '../../helpers/server.ts';
import { canMount, smallDiskForTest } from '../../helpers/small-disk.ts';

const jpeg = fixture('baseline.jpg');
const HOUR = 3_600_000;

const folderOf = ({ config }: TestServer) => (config.storage as { folder: string }).folder;

/** A sweeper as another server has it, whose clock `pass` moves; nothing is too young for it. */
async function sweeperOf(server: TestServer) {
  const { database } = server.app;
  const tables = database.as<ImageTables>();
  const storage = await storageForOther(server);
  const { log } = server.app;
  const rows = createSweepRepository(tables);
  let now = 0;
  const sweeper = createSweeper({
    leases: database.as<LeaseTables>(),
    installation: database.as<StorageTables>(),
    storage,
    images: createImageRepository(tables),
    files: createFileRepository(tables),
    links: createLinkRepository(tables),
    rows,
    findDeleted: createAccountDirectory(database.as<AccountTables>()).findDeleted,
    removals: createRemovals({ rows, storage, log }),
    log,
    settings: { interval: HOUR, age: 0 },
    monotonicNow: () => now,
  });
  onTestFinished(() => sweeper.close());
  const pass = async (ms: number) => {
    now += ms;
    // Living processes show that they live, every second.
    await setTimeout(1500);
  };
  return { sweep: sweeper.sweep, pass };
}

/** Opens the storage as another process does. */
async function storageForOther(server: TestServer) {
  const storage = openStorage(server.config.storage);
  await storage.prepare();
  onTestFinished(() => storage.close());
  return storage;
}

const put = (server: TestServer, key: string) => {
  const path = join(folderOf(server), 'objects', key);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, 'x');
  return path;
};

describeOnEachDatabase('a sweep', (kind) => {
  const server = serverOn(kind);

  it('removes objects that it saw without a row twice, and nothing else', async () => {
    const owner = await userWith(server.current, { tier: 'premium' });
    const { id } = await uploaded(server.current, owner, jpeg);
    const { sweep, pass } = await sweeperOf(server.current);
    const orphan = put(server.current, newObjectKey());
    await sweep();
    await pass(HEARTBEAT_TIMEOUT_MS - 1);
    await sweep();
    expect(existsSync(orphan)).toBe(true);
    const young = put(server.current, newObjectKey());
    await pass(1);
    await sweep();
    expect([existsSync(orphan), existsSync(young)]).toEqual([false, true]);
    expect((await download(server.current, owner, id, 'original')).equals(jpeg)).toBe(true);
  });

  it('is done by one server, and by another once the lease of that one has expired', async () => {
    const [one, other] = [await sweeperOf(server.current), await sweeperOf(server.current)];
    const { db } = server.current.app.database.as<LeaseTables>();
    const orphan = put(server.current, newObjectKey());
    await one.sweep();
    for (let sweeps = 0; sweeps < 3; sweeps++) {
      await other.sweep();
      await other.pass(HOUR);
    }
    expect(existsSync(orphan)).toBe(true);
    await db
      .updateTable('leases')
      .set({ expires_at: 0 })
      .where('name', '=', 'storage-sweep')
      .execute();
    await other.sweep();
    await other.pass(HOUR);
    await other.sweep();
    expect(existsSync(orphan)).toBe(false);
  });

  it('removes the images of deleted accounts, rows and objects', async () => {
    const before = storedFiles(server.current).filter((name) => name.startsWith('objects')).length;
    const owner = await userWith(server.current, { tier: 'premium' });
    const { id } = await uploaded(server.current, owner, jpeg);
    const { db } = server.current.app.database.as<ImageTables & AccountTables>();
    const deleted = { deleted_at: Date.now() + 25 * HOUR };
    await db.updateTable('accounts').set(deleted).where('id', '=', owner.id).execute();
    await (await sweeperOf(server.current)).sweep();
    expect(await db.selectFrom('images').selectAll().where('id', '=', id).execute()).toEqual([]);
    const after = storedFiles(server.current).filter((name) => name.startsWith('objects')).length;
    expect(after).toBe(before);
  });

  it('removes an object that could not be removed when its image was deleted', async () => {
    const owner = await userWith(server.current, { tier: 'premium' });
    const { id } = await uploaded(server.current, owner, jpeg);
    const { db } = server.current.app.database.as<ImageTables>();
    const files = db.selectFrom('image_files').select('object_key').where('image_id', '=', id);
    const { object_key: key } = await files.executeTakeFirstOrThrow();
    const path = join(folderOf(server.current), 'objects', key);
    // A folder in its place cannot be removed as a file.
    rmSync(path);
    mkdirSync(path);
    const removed = () =>
      db.selectFrom('removed_objects').selectAll().where('object_key', '=', key).execute();
    expect((await send(server.current, 'DELETE', `/images/${id}`, owner)).status).toBe(204);
    expect((await send(server.current, 'GET', `/images/${id}`, owner)).status).toBe(404);
    expect(await removed()).toHaveLength(1);
    rmSync(path, { recursive: true });
    writeFileSync(path, 'x');
    await (await sweeperOf(server.current)).sweep();
    expect(existsSync(path)).toBe(false);
    expect(await removed()).toEqual([]);
  });
});

describe('scratch files', () => {
  const server = serverOn(sqlite);

  it('of dead processes are removed, and those of living ones never, whatever the clock says', async () => {
    const { scratchFolder } = server.current.app.storage;
    const live = join(scratchFolder, 'upload');
    writeFileSync(live, 'x');
    const dead = join(scratchFolder, '..', '01a1ff38-38ca-73f2-97c1-1dcdc0033f4e');
    mkdirSync(dead);
    writeFileSync(join(dead, 'upload'), 'x');
    const { sweep, pass } = await sweeperOf(server.current);
    const now = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: now + 25 * HOUR });
    onTestFinished(() => void vi.useRealTimers());
    await sweep();
    expect(existsSync(dead)).toBe(true);
    vi.setSystemTime(now + 50 * HOUR);
    await pass(HOUR);
    await sweep();
    expect([existsSync(dead), existsSync(live)]).toEqual([false, true]);
  });
});

describe('a server', () => {
  it('removes what one that was killed has left, by itself', { timeout: 60_000 }, async () => {
    const killed = await serverProcessForTest(CHEAP_HASHES);
    const folder = join(killed.dataDir, 'files');
    const [scratch] = readdirSync(join(folder, 'scratch'));
    const upload = join(folder, 'scratch', scratch!, 'upload');
    writeFileSync(upload, 'x');
    await killed.end('SIGKILL');
    const orphan = join(folder, 'objects', newObjectKey());
    mkdirSync(join(orphan, '..'), { recursive: true });
    writeFileSync(orphan, 'x');

    const often = { SWEEP_INTERVAL: '1', SWEEP_AGE: '0', DATA_DIR: killed.dataDir };
    const server = await serverProcessForTest({ ...CHEAP_HASHES, ...often });
    const left = () => [existsSync(upload), existsSync(orphan)];
    await expect.poll(left, { timeout: 40_000, interval: 500 }).toEqual([false, false]);
    expect(server.output.stdout).toContain('removed objects left behind');
  });
});

describe.skipIf(!canMount)('a disk (needs root, to mount one)', () => {
  it('that is full or read-only makes uploads 503 and the server not ready, and deleting works', async () => {
    const disk = smallDiskForTest(4);
    const server = await serverForTest({ ...CHEAP_HASHES, STORAGE_URL: `file:${disk.folder}` });
    const owner = await userWith(server, { tier: 'premium' });
    const { id } = await uploaded(server, owner, jpeg);
    const codeOf = async (answer: Promise<Response>) => {
      const response = await answer;
      return [response.status, ((await response.json()) as { code?: string }).code];
    };
    const ready = () => send(server, 'GET', '/health/ready');
    const put = () => upload(server, owner.token, { image: jpeg });
    const unavailable = [503, 'storage_unavailable'];

    const filler = join(disk.folder, 'filler');
    expect(() => writeFileSync(filler, Buffer.alloc(5 * 1024 ** 2))).toThrow('ENOSPC');
    expect(await codeOf(put())).toEqual(unavailable);
    expect(await codeOf(ready())).toEqual(unavailable);
    expect((await download(server, owner, id, 'original')).equals(jpeg)).toBe(true);
    rmSync(filler);
    expect((await put()).status).toBe(201);
    expect((await ready()).status).toBe(200);

    disk.remount('ro');
    expect(await codeOf(put())).toEqual(unavailable);
    expect(await codeOf(ready())).toEqual(unavailable);
    expect((await send(server, 'DELETE', `/images/${id}`, owner)).status).toBe(204);
    expect((await send(server, 'GET', `/images/${id}`, owner)).status).toBe(404);
    disk.remount('rw');
    expect((await put()).status).toBe(201);
  });
});
