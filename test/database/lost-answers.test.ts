import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { type Database, openDatabase } from '../../src/database/database.ts';
import { DatabaseUnavailable, OutcomeUnknown } from '../../src/database/errors.ts';
import { proxiedDatabase } from '../helpers/database-proxy.ts';
import type { TestDatabase } from '../helpers/databases.ts';
import { describeOnEachServer } from '../helpers/databases.ts';
import type { CutMoment } from '../helpers/tcp-proxy.ts';

interface Tables {
  entries: { id: number };
  totals: { id: number; amount: number };
}

async function openLedger(kind: TestDatabase) {
  const { proxy, config, directConfig } = await proxiedDatabase(kind);
  const database = openDatabase<Tables>(config);
  const direct = openDatabase<Tables>(directConfig);
  onTestFinished(async () => {
    await database.close();
    await direct.close();
  });
  await sql`create table entries (id integer primary key)`.execute(direct.db);
  await sql`create table totals (id integer primary key, amount integer not null)`.execute(
    direct.db,
  );
  await direct.db.insertInto('totals').values({ id: 1, amount: 0 }).execute();
  const has = async (id: number) =>
    (await direct.db.selectFrom('entries').select('id').where('id', '=', id).execute()).length > 0;
  const total = async () =>
    (await direct.db.selectFrom('totals').select('amount').executeTakeFirstOrThrow()).amount;
  return { proxy, database, has, total };
}

let attempts = 0;

function addEntry(database: Database<Tables>, id: number): Promise<void> {
  return database.transaction(async (trx) => {
    attempts++;
    await trx.insertInto('entries').values({ id }).execute();
    await trx.updateTable('totals').set({ amount: sql`amount + 1` }).execute();
  });
}

const caught = (promise: Promise<unknown>) => promise.catch((error) => error);

describeOnEachServer('a lost answer on $name', (kind) => {
  it('leaves each of 50 commits that were cut unknown, lost by nobody and applied once', async () => {
    const { proxy, database, has, total } = await openLedger(kind);
    for (let id = 1; id <= 50; id++) {
      const moment: CutMoment = id % 2 ? 'before-forwarding' : 'before-answer';
      const cut = proxy.cutAt('commit', moment);
      attempts = 0;
      expect(await caught(addEntry(database, id))).toBeInstanceOf(OutcomeUnknown);
      await cut;
      expect(attempts).toBe(1);
      // Which is what the answer could not say.
      await expect.poll(() => has(id)).toBe(moment === 'before-answer');
      if (!(await has(id))) await addEntry(database, id);
    }
    expect(await total()).toBe(50);
  });

  it('is unknown to a write outside a transaction, and a failure to a read', async () => {
    const { proxy, database, has } = await openLedger(kind);
    const insert = (id: number) => database.db.insertInto('entries').values({ id }).execute();
    void proxy.cutAt('insert', 'before-answer');
    expect(await caught(insert(1))).toBeInstanceOf(OutcomeUnknown);
    expect(await has(1)).toBe(true);
    void proxy.cutAt('insert', 'before-forwarding');
    expect(await caught(insert(2))).toBeInstanceOf(OutcomeUnknown);
    expect(await has(2)).toBe(false);
    void proxy.cutAt('select', 'before-answer');
    const read = database.db.selectFrom('entries').selectAll().execute();
    expect(await caught(read)).toBeInstanceOf(DatabaseUnavailable);
  });

  it.for(['begin', 'insert', 'update'])(
    'of %s in a transaction is a failure, and nothing of it remains',
    async (statement) => {
      const { proxy, database, has, total } = await openLedger(kind);
      void proxy.cutAt(statement, 'before-answer');
      expect(await caught(addEntry(database, 1))).toBeInstanceOf(DatabaseUnavailable);
      expect({ has: await has(1), total: await total() }).toEqual({ has: false, total: 0 });
    },
  );

  it('of a transaction that only read is a failure', async () => {
    const { proxy, database } = await openLedger(kind);
    void proxy.cutAt('commit', 'before-answer');
    const reading = database.transaction((trx) => trx.selectFrom('totals').selectAll().execute());
    expect(await caught(reading)).toBeInstanceOf(DatabaseUnavailable);
  });

  it('does not let a transaction go on that ignores it', async () => {
    const { proxy, database, has } = await openLedger(kind);
    void proxy.cutAt('update', 'before-answer');
    const ignoring = database.transaction(async (trx) => {
      await trx
        .updateTable('totals')
        .set({ amount: 5 })
        .execute()
        .catch(() => undefined);
      await trx
        .insertInto('entries')
        .values({ id: 1 })
        .execute()
        .catch(() => undefined);
    });
    expect(await caught(ignoring)).toBeInstanceOf(DatabaseUnavailable);
    expect(await has(1)).toBe(false);
  });
});
