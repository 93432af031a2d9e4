import { setImmediate, setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeOnEachServer } from '../helpers/databases.ts';
import { serverForTest, type TestServer } from '../helpers/server.ts';

const SECRET = 'secret-value';

/** Lines of the log with this message. */
const linesOf = (server: TestServer, message: string) =>
  server
    .logs()
    .split('\n')
    .filter((line) => line.includes(`"msg":"${message}"`))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the log of slow requests', () => {
  it('has a warning with the pattern of the route, its id and the time, and none of fast ones', async () => {
    const server = await serverForTest({ SLOW_REQUEST: '1' }, (app) => {
      app.get('/slow/:name', async () => {
        await setTimeout(1100);
        return {};
      });
    });
    await fetch(`${server.url}/docs`);
    await fetch(`${server.url}/health/live`);
    await fetch(`${server.url}/slow/${SECRET}?key=${SECRET}`, { headers: { 'x-request-id': 'a' } });
    const slow = () =>
      linesOf(server, 'slow request').filter(({ request_id }) => request_id === 'a');
    await expect.poll(slow).toHaveLength(1);
    const [line] = slow();
    expect(line).toMatchObject({
      level: 40,
      request_id: 'a',
      method: 'GET',
      route: '/slow/:name',
      status: 200,
    });
    expect(line!.ms).toBeGreaterThan(1000);
    expect(linesOf(server, 'slow request').filter(({ route }) => route === '/health/live')).toEqual(
      [],
    );
    expect(JSON.stringify(line)).not.toContain(SECRET);
  });

  it('is off with 0', async () => {
    const server = await serverForTest({ SLOW_REQUEST: '0' }, (app) => {
      app.get('/slow', async () => {
        await setTimeout(50);
        return {};
      });
    });
    await (await fetch(`${server.url}/slow`)).text();
    expect(linesOf(server, 'slow request')).toEqual([]);
  });
});

describeOnEachServer('the log of slow statements', (database) => {
  it('has their SQL without values, and the id of the request', async () => {
    const { url, drop } = await database.create();
    onTestFinished(drop);
    const server = await serverForTest({ DATABASE_URL: url, SLOW_STATEMENT: '0.2' }, (app) => {
      const pause = database.kind === 'postgres' ? sql`pg_sleep(0.3)` : sql`sleep(0.3)`;
      app.get('/slow', async () => {
        await sql`select ${pause}, ${SECRET} as x`.execute(app.database.db);
        return {};
      });
    });
    const response = await fetch(`${server.url}/slow`, { headers: { 'x-request-id': 'b' } });
    expect(response.status).toBe(200);
    const lines = linesOf(server, 'slow statement').filter(({ sql }) => /sleep/.test(String(sql)));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 40, request_id: 'b', failed: false });
    expect(lines[0]!.sql).toMatch(/sleep\(0\.3\)/);
    expect(server.logs()).not.toContain(SECRET);
    await server.close();
  });
});

describe('the log of slow statements on SQLite', () => {
  it('has transactions that wait for another one', async () => {
    const server = await serverForTest({ SLOW_STATEMENT: '0.2' });
    const { transaction } = server.app.database;
    const long = transaction(async (trx) => {
      await sql`select 1`.execute(trx);
      await setTimeout(300);
    });
    await setImmediate();
    await Promise.all([transaction((trx) => sql`select 2`.execute(trx)), long]);
    const lines = linesOf(server, 'slow wait for a database connection');
    expect(lines.length).toBeGreaterThan(0);
    expect(lines[0]).toMatchObject({ level: 40, failed: false });
  });
});
