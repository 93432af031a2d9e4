import type { SelectQueryBuilder } from 'kysely';

/** Counts the rows of a query that selects no columns yet. */
export async function countOf<DB, TB extends keyof DB>(
  query: SelectQueryBuilder<DB, TB, object>,
): Promise<number> {
  const { count } = (await query
    .select(({ fn }) => fn.countAll().as('count'))
    .executeTakeFirstOrThrow()) as { count: number | string | bigint };
  return Number(count);
}
