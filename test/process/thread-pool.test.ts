import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';
import type { AccountTables } from '../../src/features/accounts/tables.ts';
import { expectJson, freshEmail, register, send, signIn } from '../helpers/accounts.ts';
import { PHOTOGRAPH, uploaded } from '../helpers/images.ts';
import { serverProcessForTest } from '../helpers/server.ts';

/** The threads of libuv's pool, which Node names. */
function poolThreads(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const names = tasks.map((task) => readFileSync(`/proc/${pid}/task/${task}/comm`, 'utf8').trim());
  return names.filter((name) => name === 'libuv-worker').length;
}

describe.skipIf(process.platform !== 'linux')('the pool of threads (needs Linux)', () => {
  it('has room for files beside all decoders and password hashes', async () => {
    const server = await serverProcessForTest({ PASSWORD_THREADS: '3', IMAGES_DECODERS: '5' });
    expect(poolThreads(server.child.pid!)).toBe(12);
    expect(server.output.stdout).not.toContain('UV_THREADPOOL_SIZE');
  });

  it('is as large as the environment says, with a warning where that is too small', async () => {
    const environment = { PASSWORD_THREADS: '2', IMAGES_DECODERS: '2', UV_THREADPOOL_SIZE: '4' };
    const server = await serverProcessForTest(environment);
    expect(poolThreads(server.child.pid!)).toBe(4);
    expect(server.output.stdout).toContain('unset UV_THREADPOOL_SIZE');
  });
});

describe('a file', () => {
  it('is read while passwords are hashed with all threads that they may have', {
    timeout: 120_000,
  }, async () => {
    // Each takes more than a second.
    const slow = { PASSWORD_MEMORY: '65536', PASSWORD_PASSES: '60', PASSWORD_THREADS: '4' };
    const server = await serverProcessForTest({
      ...slow,
      IMAGES_DECODERS: '1',
      AUTH_MODE: 'accounts',
    });
    const account = await register(server);
    const { db, close } = openDatabase<AccountTables>({
      kind: 'sqlite',
      location: join(server.dataDir, 'tally.db'),
      poolSize: 1,
      timeout: 0,
    });
    await db.updateTable('accounts').set({ tier: 'premium' }).execute();
    await close();
    const { access_token: token } = await signIn(server, account);
    const { id } = await uploaded(server, { token }, readFileSync(PHOTOGRAPH));

    let isHashed = false;
    const hashes = Array.from({ length: 4 }, async () => {
      const body = { username: freshEmail(), password: 'nobody has this one' };
      await expectJson(send(server, 'POST', '/accounts/login', { body }), 401);
      isHashed = true;
    });
    // The hashes have begun by then.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const image = await send(server, 'GET', `/images/${id}/original`, { token });
    await image.arrayBuffer();
    expect([image.status, isHashed]).toEqual([200, false]);
    await Promise.allSettled(hashes);
  });
});
