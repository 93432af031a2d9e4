import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { type Database, openDatabase } from '../../src/database/database.ts';
import { DatabaseUnavailable } from '../../src/database/errors.ts';
import { proxiedDatabase } from '../helpers/database-proxy.ts';
import type { TestDatabase } from '../helpers/databases.ts';
import { describeOnEachServer } from '../helpers/databases.ts';
import { serverProcessForTest } from '../helpers/server.ts';

interface Tables {
  entries: { id: number };
}

async function open(kind: TestDatabase, options: { timeout?: number; poolSize?: number } = {}) {
  const { proxy, config, directConfig } = await proxiedDatabase(kind);
  const database = openDatabase<Tables>({ ...config, ...options });
  const direct = openDatabase<Tables>(directConfig);
  onTestFinished(async () => {
    await database.close();
    await direct.close();
  });
  await sql`create table entries (id integer primary key)`.execute(direct.db);
  return { proxy, database, direct };
}

const insert = ({ db }: Database<Tables>, id: number) =>
  db.insertInto('entries').values({ id }).execute();

/** Uses as many connections at once. */
const warmUp = ({ transaction }: Database<Tables>, count: number) =>
  Promise.all(
    Array.from({ length: count }, () =>
      transaction(async (trx) => {
        await trx.selectFrom('entries').selectAll().execute();
        await setTimeout(100);
      }),
    ),
  );

const timed = async (work: Promise<unknown>) => {
  const started = performance.now();
  const error = await work.then(
    () => undefined,
    (caught) => caught,
  );
  return { error, ms: performance.now() - started };
};

describeOnEachServer('connections to $name', (kind) => {
  it('never come back with a transaction that began after its time', async () => {
    const { proxy, database, direct } = await open(kind, { timeout: 300, poolSize: 1 });
    await insert(database, 1);
    proxy.hang();
    const reading = database.transaction((trx) => trx.selectFrom('entries').selectAll().execute());
    const { error } = await timed(reading);
    expect(error).toBeInstanceOf(DatabaseUnavailable);
    await proxy.mend();
    await expect.poll(() => insert(database, 2).then(() => 'done', String)).toBe('done');
    const failed = database.transaction(async (trx) => {
      await trx.insertInto('entries').values({ id: 3 }).execute();
      throw new Error('rolled back');
    });
    await expect(failed).rejects.toThrow('rolled back');
    expect(await direct.db.selectFrom('entries').select('id').execute()).toEqual([
      { id: 1 },
      { id: 2 },
    ]);
  });

  it('are replaced when they are dead and the server is well', async () => {
    const { proxy, database } = await open(kind);
    await warmUp(database, 10);
    await setTimeout(600);
    proxy.forget();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, id) => timed(insert(database, id))),
    );
    expect(results.map(({ error }) => error)).toEqual(Array(20).fill(undefined));
    for (const { ms } of results) expect(ms).toBeLessThan(5000);
  });

  it('fail after their limit when the server hangs, and are replaced when it is back', async () => {
    const { proxy, database } = await open(kind);
    await warmUp(database, 10);
    proxy.hang();
    const stuck = Array.from({ length: 40 }, (_, id) => timed(insert(database, id)));
    for (const { error, ms } of await Promise.all(stuck)) {
      expect(error).toBeDefined();
      expect(ms).toBeLessThan(10_000);
    }
    // By now it is known that the server cannot be reached.
    const { error, ms } = await timed(insert(database, 99));
    expect(error).toBeInstanceOf(DatabaseUnavailable);
    expect(ms).toBeLessThan(1000);
    proxy.forget();
    await proxy.mend();
    // Otherwise the poll itself would give up after one second.
    const back = await timed(
      expect
        .poll(() => insert(database, 100).then(() => 'done', String), { timeout: 4000 })
        .toBe('done'),
    );
    expect(back.error).toBeUndefined();
    expect(back.ms).toBeLessThan(4000);
  });

  it('end a statement that gets no answer, although the server is well', async () => {
    const { proxy, database } = await open(kind, { timeout: 300, poolSize: 1 });
    const dying = database.transaction(async (trx) => {
      await trx.selectFrom('entries').selectAll().execute();
      proxy.forget();
      await trx.insertInto('entries').values({ id: 1 }).execute();
    });
    const { error, ms } = await timed(dying);
    expect(error).toBeInstanceOf(DatabaseUnavailable);
    expect(ms).toBeLessThan(8000);
    await insert(database, 1);
  });

  it('do not hold up the end of a server that got SIGTERM while the database hangs', async () => {
    const { proxy, url } = await proxiedDatabase(kind);
    const { url: server, child, done } = await serverProcessForTest({ DATABASE_URL: url });
    proxy.hang();
    const requests = Array.from({ length: 5 }, () =>
      fetch(`${server}/products`).catch(() => undefined),
    );
    await setTimeout(500);
    child.kill('SIGTERM');
    const { ms } = await timed(done);
    expect(ms).toBeLessThan(15_000);
    await Promise.all(requests);
  }, 60_000);

  it('close at once while the server hangs', async () => {
    const { proxy, database } = await open(kind);
    await warmUp(database, 3);
    proxy.hang();
    const stuck = timed(insert(database, 1));
    const { error, ms } = await timed(database.close());
    expect(error).toBeUndefined();
    expect(ms).toBeLessThan(4000);
    expect((await stuck).error).toBeDefined();
  });
});
