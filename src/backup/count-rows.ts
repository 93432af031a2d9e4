import { countOf } from '../database/count.ts';
import type { Database } from '../database/database.ts';

/** Counts the rows of every table. */
export async function countRows({ db }: Database<unknown>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { name } of await db.introspection.getTables()) {
    counts[name] = await countOf(db.selectFrom(name as never) as never);
  }
  return counts;
}
