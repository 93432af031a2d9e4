import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { databases } from '../helpers/databases.ts';
import { serverForTest } from '../helpers/server.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';

const DEFAULT_PORTS: Record<string, number> = { 'postgres:': 5432, 'mysql:': 3306 };

describe.for(databases.slice(1))('a server on $name', (kind) => {
  it('answers 503 while the connection is lost, and heals by itself', async () => {
    const { url, drop } = await kind.create();
    onTestFinished(drop);
    const target = new URL(url);
    const port = Number(target.port) || DEFAULT_PORTS[target.protocol]!;
    const proxy = await startTcpProxy(target.hostname, port);
    onTestFinished(proxy.close);
    target.hostname = '127.0.0.1';
    target.port = String(proxy.port);
    const server = await serverForTest({ DATABASE_URL: target.href }, (app) => {
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
