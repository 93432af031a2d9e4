import type { SelectQueryBuilder } from 'kysely';

/** How many rows a query finds, which selects nothing yet. */
export async function countOf<DB, TB extends keyof DB>(
  query: SelectQueryBuilder<DB, TB, object>,
): Promise<number> {
  const { count } = (await query
    .select(({ fn }) => fn.countAll().as('count'))
    .executeTakeFirstOrThrow()) as { count: number | string | bigint };
  return Number(count);
}
