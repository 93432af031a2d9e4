import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Database, openDatabase } from '../../src/database/database.ts';
import { DatabaseUnavailable } from '../../src/database/errors.ts';
import { databaseForTest, migratedDatabaseForTest, sqlite } from '../helpers/databases.ts';

interface Tables {
  entries: { id: number; note: string };
  parts: { entry: number };
}

async function openLedger() {
  const config = await databaseForTest(sqlite);
  const open = () => {
    const database = openDatabase<Tables>(config);
    onTestFinished(() => database.close());
    return database;
  };
  const database = open();
  await sql`create table entries (id integer primary key, note text)`.execute(database.db);
  await sql`create table parts (entry integer references entries (id) deferrable initially deferred)`.execute(
    database.db,
  );
  return { database, open, location: config.location };
}

const add = (database: Database<Tables>, id: number, note = '') =>
  database.transaction((trx) => trx.insertInto('entries').values({ id, note }).execute());

const idsIn = async ({ db }: Pick<Database<Tables>, 'db'>) =>
  (await db.selectFrom('entries').select('id').orderBy('id').execute()).map(({ id }) => id);

const range = (count: number) => Array.from({ length: count }, (_, index) => index);
const caught = (promise: Promise<unknown>) => promise.catch((error) => error);

/** Repeats a scenario until its transactions are in one group: on a busy machine, the second may come too late. */
async function untilTheyShareACommit(scenario: () => Promise<boolean>): Promise<void> {
  for (let round = 1; !(await scenario()); round += 1) expect(round).toBeLessThan(30);
}

/** Counts the commits in a write-ahead log: frames that name a size of the database. */
function commitsIn(location: string): number {
  const log = readFileSync(`${location}-wal`);
  const [header, frameHeader] = [32, 24];
  const frame = frameHeader + log.readUInt32BE(8);
  const frames = range(Math.floor((log.length - header) / frame));
  return frames.filter((index) => log.readUInt32BE(header + index * frame + 4) > 0).length;
}

describe('transactions of SQLite at once', () => {
  it('share commits', async () => {
    const { database, location } = await openLedger();
    const before = commitsIn(location);
    await Promise.all(range(50).map((id) => add(database, id)));
    expect(await idsIn(database)).toEqual(range(50));
    expect(commitsIn(location) - before).toBeLessThan(25);
  });

  it('are undone alone if they fail, the first as well as the others', async () => {
    const { database } = await openLedger();
    const results = await Promise.allSettled(
      range(30).map((id) =>
        database.transaction(async (trx) => {
          await trx.insertInto('entries').values({ id, note: '' }).execute();
          if (id % 3 === 0) throw new Error('no');
        }),
      ),
    );
    const done = range(30).filter((id) => results[id]!.status === 'fulfilled');
    expect(done).toEqual(range(30).filter((id) => id % 3 > 0));
    expect(await idsIn(database)).toEqual(done);
  });

  it('include single statements that write', async () => {
    const { database, location } = await openLedger();
    const before = commitsIn(location);
    const write = (id: number) => database.db.insertInto('entries').values({ id, note: '' });
    await Promise.all(range(50).map((id) => write(id).execute()));
    expect(await caught(write(1).execute())).toMatchObject({
      code: 'SQLITE_CONSTRAINT_PRIMARYKEY',
    });
    expect(await idsIn(database)).toEqual(range(50));
    expect(commitsIn(location) - before).toBeLessThan(25);
  });

  it('are seen by nobody else, and have not succeeded, before their commit', async () => {
    await untilTheyShareACommit(async () => {
      const { database, open } = await openLedger();
      const other = open();
      let hasSucceeded = false;
      const first = add(database, 1).then(() => {
        hasSucceeded = true;
      });
      const seen: unknown[] = [];
      const second = database.transaction(async (trx) => {
        await trx.insertInto('entries').values({ id: 2, note: '' }).execute();
        seen.push(await idsIn({ db: trx }), await idsIn(database), await idsIn(other));
        seen.push(await database.snapshot((snapshot) => idsIn({ db: snapshot })), hasSucceeded);
      });
      await Promise.all([first, second]);
      if (seen.at(-1) === true) return false;
      expect(seen).toEqual([[1, 2], [], [], [], false]);
      expect(await idsIn(database)).toEqual([1, 2]);
      expect(await database.snapshot((snapshot) => idsIn({ db: snapshot }))).toEqual([1, 2]);
      return true;
    });
  });

  it('do not wait for one that awaits something else: it is undone, and runs again alone', async () => {
    await untilTheyShareACommit(async () => {
      const { database } = await openLedger();
      const first = add(database, 1);
      let attempts = 0;
      const second = database.transaction(async (trx) => {
        attempts++;
        await trx.insertInto('entries').values({ id: 2, note: '' }).execute();
        await first;
        await trx.insertInto('entries').values({ id: 3, note: '' }).execute();
      });
      await Promise.all([first, second, add(database, 4)]);
      expect(await idsIn(database)).toEqual([1, 2, 3, 4]);
      return attempts === 2;
    });
  });

  it('let other processes write in between', async () => {
    const { database, open } = await openLedger();
    const other = open();
    let next = 1000;
    let isBusy = true;
    const busy = range(16).map(async () => {
      while (isBusy) await add(database, next++);
    });
    for (const id of range(20)) await add(other, id);
    isBusy = false;
    await Promise.all(busy);
    expect((await idsIn(other)).slice(0, 20)).toEqual(range(20));
  });

  it('refuse statements after they have ended', async () => {
    const { database } = await openLedger();
    const leaked = await database.transaction(async (trx) => trx);
    await expect(idsIn({ db: leaked })).rejects.toThrow('has ended');
  });
});

describe('a lock of another process', () => {
  it('is waited for by each transaction for 5 seconds of its own', {
    timeout: 30_000,
  }, async () => {
    const { database, location } = await openLedger();
    const other = new Sqlite(location);
    onTestFinished(() => void other.close());
    other.exec('begin immediate');
    const early = caught(add(database, 1));
    await setTimeout(3000);
    const late = add(database, 2);
    expect(await early).toBeInstanceOf(DatabaseUnavailable);
    other.exec('rollback');
    await late;
    expect(await idsIn(database)).toEqual([2]);
  });
});

it('a file that is no database is closed again', async () => {
  const { location, ...config } = await databaseForTest(sqlite);
  writeFileSync(location, 'not a database'.repeat(1000));
  const database = openDatabase<Tables>({ location, ...config });
  onTestFinished(() => database.close());
  const open = () =>
    readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`) === location;
      } catch {
        return false;
      }
    });
  for (const id of range(10)) expect(await caught(add(database, id))).toBeInstanceOf(Error);
  expect(open()).toEqual([]);
});

describe('a commit that SQLite transactions share', () => {
  it('fails for all of them, and nothing of them stays', async () => {
    await untilTheyShareACommit(async () => {
      const { database } = await openLedger();
      const errors = await Promise.all([
        caught(add(database, 1)),
        caught(
          database.transaction((trx) => trx.insertInto('parts').values({ entry: 99 }).execute()),
        ),
        caught(add(database, 2)),
      ]);
      if (errors.some((error) => !(error instanceof Error))) return false;
      const code = 'SQLITE_CONSTRAINT_FOREIGNKEY';
      expect(errors).toEqual([1, 2, 3].map(() => expect.objectContaining({ code })));
      expect(await idsIn(database)).toEqual([]);
      await add(database, 3);
      expect(await idsIn(database)).toEqual([3]);
      return true;
    });
  });

  it('that fails lets those run again that had failed after they saw it', async () => {
    await untilTheyShareACommit(async () => {
      const { database } = await openLedger();
      let attempts = 0;
      const undone = database.transaction(async (trx) => {
        for (const id of [1, 5]) {
          await trx.insertInto('entries').values({ id, note: '' }).execute();
        }
        await trx.insertInto('parts').values({ entry: 99 }).execute();
      });
      const misled = database.transaction(async (trx) => {
        attempts += 1;
        if ((await idsIn({ db: trx })).includes(5)) throw new Error('5 is taken');
        await trx.insertInto('entries').values({ id: 2, note: '' }).execute();
      });
      const single = database.db.insertInto('entries').values({ id: 1, note: 'single' });
      const results = await Promise.allSettled([undone, misled, single.execute()]);
      expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
      expect(await idsIn(database)).toEqual([1, 2]);
      return attempts === 2;
    });
  });

  it('that succeeds lets the error of those count that failed after they saw it', async () => {
    const { database } = await openLedger();
    let attempts = 0;
    const first = add(database, 1);
    const second = database.transaction(async (trx) => {
      attempts += 1;
      if ((await idsIn({ db: trx })).includes(1)) throw new Error('1 is taken');
    });
    await expect(second).rejects.toThrow('1 is taken');
    await first;
    expect(attempts).toBe(1);
  });

  it('fails for those that had ended when a full disk ends their transaction', async () => {
    await untilTheyShareACommit(async () => {
      const { database } = await openLedger();
      const errors = await Promise.all([
        caught(
          database.transaction(async (trx) => {
            await sql`pragma max_page_count = 10`.execute(trx);
            await trx.insertInto('entries').values({ id: 1, note: '' }).execute();
          }),
        ),
        caught(add(database, 2, 'x'.repeat(100_000))),
        caught(add(database, 3)),
      ]);
      if (!(errors[0] instanceof Error)) return false;
      expect(errors[0]).toBeInstanceOf(DatabaseUnavailable);
      expect(errors[1]).toBeInstanceOf(DatabaseUnavailable);
      // The last one was in another group.
      expect(errors[2]).not.toBeInstanceOf(Error);
      expect(await idsIn(database)).toEqual([3]);
      return true;
    });
  });

  it('is never refused because of a constraint: none of ours is deferred', async () => {
    const database = openDatabase(await migratedDatabaseForTest(sqlite));
    onTestFinished(() => database.close());
    const deferred = sql`select name from sqlite_schema where sql like '%deferr%'`;
    expect((await deferred.execute(database.db)).rows).toEqual([]);
  });
});
