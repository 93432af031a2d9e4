import type { Insertable, Kysely } from 'kysely';
import type { Database } from '../database/database.ts';
import { prepare } from '../database/prepare.ts';
import type { IdempotencyRecordsTable, IdempotencyTables } from './tables.ts';

/** Records removed by one statement, so that no other statement waits long for it. */
const BATCH = 1000;

type Db = Kysely<IdempotencyTables>;
type NewRecord = Insertable<IdempotencyRecordsTable>;

export type IdempotencyRepository = ReturnType<typeof createIdempotencyRepository>;

/** Functions that take a connection or transaction work on that one. */
export function createIdempotencyRepository(database: Database<IdempotencyTables>) {
  const { db } = database;
  const { insert, complete } = prepareStatements(database);
  return {
    /** Returns false if the key has a record. Waits for the end of a transaction that is inserting one. */
    async insert(on: Db, record: NewRecord) {
      return (await insert(on, record)).numAffectedRows === 1n;
    },

    async complete(on: Db, keyHash: Buffer, sealedResult: string) {
      await complete(on, { keyHash, sealedResult });
    },

    async find(on: Db, keyHash: Buffer) {
      return on
        .selectFrom('idempotency_records')
        .selectAll()
        .where('key_hash', '=', keyHash)
        .executeTakeFirst();
    },

    removeIfOlder: (on: Db, keyHash: Buffer, than: number) => removeOlder(on, [keyHash], than),

    async removeAllOlder(than: number): Promise<void> {
      for (;;) {
        const old = await db
          .selectFrom('idempotency_records')
          .select('key_hash')
          .where('created_at', '<', than)
          .orderBy('created_at')
          .limit(BATCH)
          .execute();
        const hashes = old.map(({ key_hash }) => key_hash);
        if (hashes.length > 0) await removeOlder(db, hashes, than);
        if (hashes.length < BATCH) return;
      }
    },
  };
}

async function removeOlder(on: Db, keyHashes: Buffer[], than: number): Promise<void> {
  await on
    .deleteFrom('idempotency_records')
    .where('key_hash', 'in', keyHashes)
    .where('created_at', '<', than)
    .execute();
}

function prepareStatements({ db, kind }: Database<IdempotencyTables>) {
  return {
    insert: prepare((record: NewRecord) => {
      const query = db.insertInto('idempotency_records').values({
        key_hash: record.key_hash,
        request_hash: record.request_hash,
        sealed_result: record.sealed_result,
        created_at: record.created_at,
      });
      return kind === 'mysql'
        ? query.ignore()
        : query.onConflict((conflict) => conflict.doNothing());
    }),
    complete: prepare((values: { keyHash: Buffer; sealedResult: string }) =>
      db
        .updateTable('idempotency_records')
        .set({ sealed_result: values.sealedResult })
        .where('key_hash', '=', values.keyHash),
    ),
  };
}
