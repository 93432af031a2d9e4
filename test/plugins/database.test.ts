import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { proxiedDatabase } from '../helpers/database-proxy.ts';
import { describeOnEachServer } from '../helpers/databases.ts';
import { serverForTest } from '../helpers/server.ts';

describeOnEachServer('a server on $name', (kind) => {
  it('answers 503 while the connection is lost, and heals by itself', async () => {
    const { proxy, url } = await proxiedDatabase(kind);
    const server = await serverForTest({ DATABASE_URL: url }, (app) => {
      app.get('/query', async () => {
        await sql`select 1`.execute(app.database.db);
        return {};
      });
    });
    const get = (path: string) => fetch(server.url + path);
    expect((await get('/health/ready')).status).toBe(200);
    // Several connections, so that more than one is found dead.
    await Promise.all(Array.from({ length: 5 }, () => get('/query')));

    await proxy.cut();
    // An answer of the readiness check holds for a second.
    await expect.poll(async () => (await get('/health/ready')).status, { timeout: 5000 }).toBe(503);
    for (const path of ['/health/ready', '/query', '/query']) {
      const response = await get(path);
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('1');
      expect(await response.json()).toMatchObject({ code: 'database_unavailable' });
    }
    expect((await get('/health/live')).status).toBe(200);

    await proxy.mend();
    await expect.poll(async () => (await get('/health/ready')).status, { timeout: 5000 }).toBe(200);
    expect((await get('/query')).status).toBe(200);
  });
});

describe('a database that cannot be reached', () => {
  it.each(['postgres://127.0.0.1:1/x', 'mysql://127.0.0.1:1/x'])(
    'keeps the server from starting: %s',
    async (url) => {
      await expect(serverForTest({ DATABASE_URL: url })).rejects.toThrow(/database/);
    },
  );

  it.each(['mongodb://x/y', 'sqlite:', 'tally.db', 'postgres:'])(
    'is no database if its URL is %s',
    async (url) => {
      await expect(serverForTest({ DATABASE_URL: url })).rejects.toThrow(/DATABASE_URL/);
    },
  );
});
