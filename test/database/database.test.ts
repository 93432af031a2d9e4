import { statSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Database, openDatabase } from '../../src/database/database.ts';
import { DatabaseUnavailable, violatesUnique } from '../../src/database/errors.ts';
import { migrationContext } from '../../src/database/migration-context.ts';
import {
  databaseForTest,
  describeOnEachDatabase,
  describeOnEachServer,
  sqlite,
  type TestDatabase,
} from '../helpers/databases.ts';

interface Tables {
  things: { id: string; part: string; amount: number; data: Buffer | null };
}

async function openWithThings(
  kind: TestDatabase,
  options: { timeout?: number } = {},
): Promise<Database<Tables>> {
  const database = openDatabase<Tables>({ ...(await databaseForTest(kind)), ...options });
  onTestFinished(() => database.close());
  const { types, createTable } = migrationContext(
    database.kind,
    database.as<unknown>().db as never,
  );
  await createTable('things')
    .addColumn('id', types.text(100), (column) => column.primaryKey())
    .addColumn('part', types.text(100), (column) => column.notNull())
    .addColumn('amount', types.integer, (column) => column.notNull())
    .addColumn('data', types.bytes(32))
    .addUniqueConstraint('things_part_amount', ['part', 'amount'])
    .execute();
  return database;
}

const thing = { id: 'a', part: 'x', amount: 1, data: null };

describeOnEachDatabase('a database', (kind) => {
  it('gives back text, 64-bit integers and bytes as they were', async () => {
    const { db } = await openWithThings(kind);
    const values = {
      id: 'Zoë 李 🎉 \\ \' " % _',
      part: '',
      amount: Number.MAX_SAFE_INTEGER,
      data: Buffer.from([0, 255, 39, 92, 128]),
    };
    await db.insertInto('things').values(values).execute();
    expect(await db.selectFrom('things').selectAll().where('id', '=', values.id).execute()).toEqual(
      [values],
    );
  });

  it('tells texts apart by their bytes', async () => {
    const { db } = await openWithThings(kind);
    const ids = ['a', 'A', 'ä', 'ß', 'ss'];
    await db
      .insertInto('things')
      .values(ids.map((id) => ({ ...thing, id, part: id })))
      .execute();
    const found = await db.selectFrom('things').select('id').where('id', '=', 'a').execute();
    expect(found).toEqual([{ id: 'a' }]);
  });

  it('refuses a value that does not fit', async () => {
    const { db } = await openWithThings(kind);
    const wrong = db.insertInto('things').values({ ...thing, amount: 'many' as never });
    await expect(wrong.execute()).rejects.toThrow();
  });

  it('names the unique index that a row breaks', async () => {
    const { db } = await openWithThings(kind);
    await db.insertInto('things').values(thing).execute();
    const error = await db
      .insertInto('things')
      .values({ ...thing, id: 'b' })
      .execute()
      .catch((caught) => caught);
    expect(violatesUnique(error, 'things_part_amount')).toBe(true);
    expect(violatesUnique(error, 'things_part')).toBe(false);
  });

  it('is unavailable to a transaction that it ends again and again', async () => {
    const database = await openWithThings(kind);
    let attempts = 0;
    const conflicting = database.transaction(async () => {
      attempts++;
      throw Object.assign(new Error('conflict'), { code: '40001' });
    });
    await expect(conflicting).rejects.toBeInstanceOf(DatabaseUnavailable);
    expect(attempts).toBe(10);
  });

  it('undoes a transaction that throws', async () => {
    const { db, transaction } = await openWithThings(kind);
    const failed = transaction(async (trx) => {
      await trx.insertInto('things').values(thing).execute();
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await db.selectFrom('things').selectAll().execute()).toEqual([]);
  });

  it('runs transactions that get in each other’s way until each has been done once', async () => {
    const { db, transaction } = await openWithThings(kind);
    await db
      .insertInto('things')
      .values([thing, { ...thing, id: 'b', part: 'y' }])
      .execute();
    const add = (order: string[]) =>
      transaction(async (trx) => {
        for (const id of order) {
          await trx
            .updateTable('things')
            .set({ amount: sql`amount + 1` })
            .where('id', '=', id)
            .execute();
        }
      });
    await Promise.all(
      Array.from({ length: 4 }, (_, index) => add(index % 2 ? ['a', 'b'] : ['b', 'a'])),
    );
    const rows = await db.selectFrom('things').select('amount').execute();
    expect(rows).toEqual([{ amount: 5 }, { amount: 5 }]);
  });
});

describeOnEachDatabase('a snapshot', (kind) => {
  it('does not see what others write meanwhile', async () => {
    const config = await databaseForTest(kind);
    const [database, other] = [openDatabase<Tables>(config), openDatabase<Tables>(config)];
    onTestFinished(async () => {
      await database.close();
      await other.close();
    });
    await sql`create table things (id varchar(100), part varchar(100), amount integer, data varchar(100))`.execute(
      other.db,
    );
    await other.db.insertInto('things').values(thing).execute();
    const seen = await database.snapshot(async (trx) => {
      const before = await trx.selectFrom('things').select('id').execute();
      await other.db
        .insertInto('things')
        .values({ ...thing, id: 'b' })
        .execute();
      return [before, await trx.selectFrom('things').select('id').execute()];
    });
    expect(seen).toEqual([[{ id: 'a' }], [{ id: 'a' }]]);
    // The transaction after it writes again.
    await database.transaction((trx) =>
      trx
        .insertInto('things')
        .values({ ...thing, id: 'c' })
        .execute(),
    );
    expect(await database.db.selectFrom('things').select('id').execute()).toHaveLength(3);
  });

  it('refuses to write', async () => {
    const { snapshot } = await openWithThings(kind);
    const writing = snapshot((trx) => trx.insertInto('things').values(thing).execute());
    await expect(writing).rejects.toThrow(/read.?only/i);
    await expect(writing).rejects.not.toBeInstanceOf(DatabaseUnavailable);
  });
});

describeOnEachServer('a slow statement on $name', (kind) => {
  it('is ended by the server, as unavailable', async () => {
    const { db } = await openWithThings(kind, { timeout: 300 });
    const sleep = kind.name === 'PostgreSQL' ? sql`select pg_sleep(5)` : sql`select sleep(5)`;
    const started = Date.now();
    await expect(sleep.execute(db)).rejects.toThrow(DatabaseUnavailable);
    expect(Date.now() - started).toBeLessThan(3000);
    await sql`select 1`.execute(db);
  });
});

describe('SQLite, while another process writes,', () => {
  it('waits without stopping the event loop', async () => {
    const config = await databaseForTest(sqlite);
    const [writer, other] = [openDatabase<unknown>(config), openDatabase<unknown>(config)];
    onTestFinished(async () => {
      await writer.close();
      await other.close();
    });
    const order: string[] = [];
    const writing = writer.transaction(async (trx) => {
      await sql`create table a (x integer)`.execute(trx);
      await setTimeout(200);
      order.push('first');
    });
    await setTimeout(20);
    const ticking = setTimeout(50).then(() => order.push('tick'));
    await other.transaction((trx) => sql`create table b (x integer)`.execute(trx));
    order.push('second');
    await Promise.all([writing, ticking]);
    expect(order).toEqual(['tick', 'first', 'second']);
  });
});

describe('the file of SQLite', () => {
  it('is readable by its owner alone, synchronous, in WAL mode, and checks foreign keys', async () => {
    const config = await databaseForTest(sqlite);
    const { db, close } = openDatabase<unknown>(config);
    onTestFinished(close);
    const pragma = async (name: string) =>
      Object.values((await sql<object>`${sql.raw(`pragma ${name}`)}`.execute(db)).rows[0]!)[0];
    expect(await pragma('journal_mode')).toBe('wal');
    expect(await pragma('synchronous')).toBe(2);
    expect(await pragma('foreign_keys')).toBe(1);
    expect(statSync(config.location).mode & 0o777).toBe(0o600);
  });
});

describe('many transactions of SQLite at once', () => {
  it('let the event loop turn after each group', async () => {
    const { db, transaction } = await openWithThings(sqlite);
    let turns = 0;
    let busy = true;
    const turn = () => {
      turns++;
      if (busy) setImmediate(turn);
    };
    setImmediate(turn);
    await Promise.all(
      Array.from({ length: 1000 }, (_, index) =>
        transaction((trx) =>
          trx
            .insertInto('things')
            .values({ ...thing, id: `${index}`, amount: index })
            .execute(),
        ),
      ),
    );
    busy = false;
    expect(turns).toBeGreaterThanOrEqual(15);
    expect(await db.selectFrom('things').selectAll().execute()).toHaveLength(1000);
  });
});
