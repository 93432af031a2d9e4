import { type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import type { DatabaseKind } from './database.ts';

/** A column that a list is sorted by. None of its values is null. */
interface SortColumn {
  column: string;
  direction: 'asc' | 'desc';
  type: 'integer' | 'text' | 'id';
}

/** The columns that a list is sorted by: one or two, the last of them unique. */
export type Ordering = readonly [SortColumn] | readonly [SortColumn, SortColumn];

/** The values of an ordering's columns in one row: a position in the list, even when the row is deleted. */
export type Position = readonly (string | number)[];

/** A request for a part of a list: at an offset, or after a position. */
export interface Slice {
  ordering: Ordering;
  limit: number;
  offset: number;
  after: Position | undefined;
}

/** The count of a list, and the rows of a slice: up to one more than its limit, which shows that others follow. */
export interface Found<Row> {
  count: number;
  rows: Row[];
}

export const OLDEST_FIRST: Ordering = [{ column: 'id', direction: 'asc', type: 'id' }];
export const NEWEST_FIRST: Ordering = [{ column: 'id', direction: 'desc', type: 'id' }];

/** Sorts a query by columns of a table, or by those that have no other of their name. */
export function sortedBy<DB, TB extends keyof DB, O>(
  query: SelectQueryBuilder<DB, TB, O>,
  ordering: Ordering,
  table?: string,
): SelectQueryBuilder<DB, TB, O> {
  return ordering.reduce(
    (sorted, { column, direction }) =>
      sorted.orderBy(sql.ref(table ? `${table}.${column}` : column), direction),
    query,
  );
}

/** Sorts a query, and restricts it to a slice and the row that follows it. */
export function sliceOfRows<DB, TB extends keyof DB, O>(
  query: SelectQueryBuilder<DB, TB, O>,
  kind: DatabaseKind,
  { ordering, limit, offset, after }: Slice,
): SelectQueryBuilder<DB, TB, O> {
  const sorted = sortedBy(query, ordering);
  const part = after ? sorted.where(isAfter(kind, ordering, after)) : sorted.offset(offset);
  return part.limit(limit + 1);
}

/** Selects the rows after a position. An index on the columns leads there, however many rows come before. */
export function isAfter(kind: DatabaseKind, [first, second]: Ordering, [key, id]: Position) {
  const [a, beyond] = [sql.ref(first.column), sql.raw(first.direction === 'asc' ? '>' : '<')];
  if (second === undefined) return sql<SqlBool>`${a} ${beyond} ${key}`;
  const b = sql.ref(second.column);
  // MariaDB uses no index for a comparison of rows, and the other two none for the `or`.
  if (kind !== 'mysql' && first.direction === second.direction) {
    return sql<SqlBool>`(${a}, ${b}) ${beyond} (${key}, ${id})`;
  }
  const beyondId = sql.raw(second.direction === 'asc' ? '>' : '<');
  return sql<SqlBool>`${a} ${beyond}= ${key} and (${a} ${beyond} ${key} or (${a} = ${key} and ${b} ${beyondId} ${id}))`;
}
