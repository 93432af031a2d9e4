import type { Insertable, Kysely } from 'kysely';
import type { DatabaseKind } from '../database/database.ts';
import { prepare } from '../database/prepare.ts';
import type { IdempotencyRecordsTable, IdempotencyTables } from './tables.ts';

/** Records that one statement removes. */
const BATCH = 1000;

export type IdempotencyRecords = ReturnType<typeof createIdempotencyRecords>;

/** The records; each function takes the connection or transaction that it works on. */
export function createIdempotencyRecords(db: Kysely<IdempotencyTables>, kind: DatabaseKind) {
  const insert = prepare((record: Insertable<IdempotencyRecordsTable>) => {
    const query = db.insertInto('idempotency_records').values({
      key_hash: record.key_hash,
      request_hash: record.request_hash,
      sealed_result: record.sealed_result,
      created_at: record.created_at,
    });
    return kind === 'mysql' ? query.ignore() : query.onConflict((conflict) => conflict.doNothing());
  });
  const complete = prepare((values: { keyHash: Buffer; sealedResult: string }) =>
    db
      .updateTable('idempotency_records')
      .set({ sealed_result: values.sealedResult })
      .where('key_hash', '=', values.keyHash),
  );

  return {
    /** Returns false where there is one of the key. Waits for the end of a transaction that inserts it. */
    async insert(on: Kysely<IdempotencyTables>, record: Insertable<IdempotencyRecordsTable>) {
      return (await insert(on, record)).numAffectedRows === 1n;
    },

    async complete(on: Kysely<IdempotencyTables>, keyHash: Buffer, sealedResult: string) {
      await complete(on, { keyHash, sealedResult });
    },

    async find(on: Kysely<IdempotencyTables>, keyHash: Buffer) {
      return on
        .selectFrom('idempotency_records')
        .selectAll()
        .where('key_hash', '=', keyHash)
        .executeTakeFirst();
    },

    async removeOlder(on: Kysely<IdempotencyTables>, keyHash: Buffer, than: number) {
      await on
        .deleteFrom('idempotency_records')
        .where('key_hash', '=', keyHash)
        .where('created_at', '<', than)
        .execute();
    },

    /** In batches, so that nobody waits long for one of them. */
    async removeAllOlder(than: number): Promise<void> {
      for (;;) {
        const old = await db
          .selectFrom('idempotency_records')
          .select('key_hash')
          .where('created_at', '<', than)
          .orderBy('created_at')
          .limit(BATCH)
          .execute();
        if (old.length === 0) return;
        const hashes = old.map(({ key_hash }) => key_hash);
        await db
          .deleteFrom('idempotency_records')
          .where('key_hash', 'in', hashes)
          .where('created_at', '<', than)
          .execute();
        if (old.length < BATCH) return;
      }
    },
  };
}
