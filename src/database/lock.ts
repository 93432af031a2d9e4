import type { SelectQueryBuilder } from 'kysely';
import type { DatabaseKind } from './database.ts';

/** Locks the rows of a query until the transaction ends. A transaction of SQLite locks the database from its start. */
export function forUpdate<DB, TB extends keyof DB, O>(
  kind: DatabaseKind,
  query: SelectQueryBuilder<DB, TB, O>,
): SelectQueryBuilder<DB, TB, O> {
  return kind === 'sqlite' ? query : query.forUpdate();
}
