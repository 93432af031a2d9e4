import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';
import { DatabaseUnavailable, errorKindOf } from '../../src/database/errors.ts';
import { databaseForTest, describeOnEachServer } from '../helpers/databases.ts';

describe('an error of a driver', () => {
  it.each([
    ['a conflict', { code: '40001' }, 'conflict'],
    ['a deadlock, or a refusal by Galera', { code: 'ER_LOCK_DEADLOCK', errno: 1213 }, 'conflict'],
    [
      'a refusal by Group Replication',
      { code: 'ER_TRANSACTION_ROLLBACK_DURING_COMMIT' },
      'conflict',
    ],
    ['an end of the session', { code: '57P01', severity: 'FATAL' }, 'connection_lost'],
    ['an unknown completion', { code: '40003' }, 'connection_lost'],
    ['an error of PgBouncer', { code: '08P01', severity: 'FATAL' }, 'connection_lost'],
    ['a network that failed while a packet was read', { errno: 1158 }, 'connection_lost'],
    ['an idle connection that MySQL closed', { errno: 4031 }, 'connection_lost'],
    ['a standby', { code: '25006', severity: 'ERROR' }, 'unavailable'],
    ['a read-only server', { code: 'ER_OPTION_PREVENTS_STATEMENT', errno: 1290 }, 'unavailable'],
    ['a node without a majority', { code: 'ER_UNKNOWN_COM_ERROR', errno: 1047 }, 'unavailable'],
    ['a lock that was not free in time', { code: '55P03', severity: 'ERROR' }, 'unavailable'],
    ['a duplicate', { code: '23505' }, 'constraint'],
    ['a bug', { code: '42601', severity: 'ERROR' }, 'other'],
  ])('is classified: %s', (_, members, kind) => {
    expect(errorKindOf(Object.assign(new Error('x'), members))).toBe(kind);
  });
});

describeOnEachServer('two transactions of $name in each other’s way', (kind) => {
  it('are one that is unavailable, if the operator limits the wait for locks', async () => {
    const database = openDatabase<unknown>(await databaseForTest(kind));
    onTestFinished(() => database.close());
    await sql`create table entries (id integer primary key, amount integer)`.execute(database.db);
    await sql`insert into entries values (1, 0)`.execute(database.db);
    const limit =
      kind.kind === 'postgres'
        ? sql`set local lock_timeout = 100`
        : sql`set innodb_lock_wait_timeout = 1`;
    const update = sql`update entries set amount = amount + 1`;
    const holder = database.transaction(async (trx) => {
      await update.execute(trx);
      await setTimeout(2000);
    });
    await setTimeout(300);
    const waiter = database.transaction(async (trx) => {
      await limit.execute(trx);
      await update.execute(trx);
    });
    await expect(waiter).rejects.toBeInstanceOf(DatabaseUnavailable);
    await holder;
  });

  it('are both done where they are single statements that end each other', async () => {
    const database = openDatabase<unknown>(await databaseForTest(kind));
    onTestFinished(() => database.close());
    await sql`create table entries (id integer primary key, amount integer)`.execute(database.db);
    await sql`insert into entries values (1, 0), (2, 0)`.execute(database.db);
    const update = (id: number) => sql`update entries set amount = amount + 1 where id = ${id}`;
    const slow = kind.kind === 'postgres' ? sql`pg_sleep(0.3) is not null` : sql`sleep(0.3) = 0`;
    // Both lock one row, then want that of the other.
    const transaction = database.transaction(async (trx) => {
      await update(2).execute(trx);
      // PostgreSQL ends the one that waits first.
      await setTimeout(1000);
      await update(1).execute(trx);
    });
    const statement = sql`update entries set amount = amount + 1 where id in (1, 2) and ${slow}`;
    await Promise.all([transaction, statement.execute(database.db)]);
    const { rows } = await sql<{ amount: number }>`select amount from entries`.execute(database.db);
    expect(rows.map(({ amount }) => Number(amount))).toEqual([2, 2]);
  });
});
