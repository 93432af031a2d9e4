import type { SelectQueryBuilder } from 'kysely';
import type { DatabaseKind } from './database.ts';

/** Locks the rows that a query finds until its transaction ends. One of SQLite locks everything from its start. */
export function forUpdate<DB, TB extends keyof DB, O>(
  kind: DatabaseKind,
  query: SelectQueryBuilder<DB, TB, O>,
): SelectQueryBuilder<DB, TB, O> {
  return kind === 'sqlite' ? query : query.forUpdate();
}
