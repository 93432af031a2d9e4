import type { Kysely } from 'kysely';
import { countOf } from '../../database/count.ts';
import type { Database } from '../../database/database.ts';
import { violatesUnique } from '../../database/errors.ts';
import { imageProblems } from '../images/problems.ts';
import type { ImageTables, TierRow } from '../images/tables.ts';

/** What an account has whose tier is gone. */
const FALLBACK = 'basic';

export type TierRepository = ReturnType<typeof createTierRepository>;

export function createTierRepository({ db, kind }: Database<ImageTables>) {
  async function find(name: string): Promise<TierRow | undefined> {
    return db.selectFrom('tiers').selectAll().where('name', '=', name).executeTakeFirst();
  }

  return {
    find,

    /** The tier of that name, or else the one that every account may have. */
    async resolve(name: string): Promise<TierRow> {
      return (await find(name)) ?? (await find(FALLBACK))!;
    },

    async list({ offset, limit }: { offset: number; limit: number }) {
      const count = await countOf(db.selectFrom('tiers'));
      const rows = await db
        .selectFrom('tiers')
        .selectAll()
        .orderBy('name')
        .limit(limit)
        .offset(offset)
        .execute();
      return { count, rows };
    },

    async insert(tier: TierRow, on: Kysely<ImageTables>): Promise<void> {
      try {
        await on.insertInto('tiers').values(tier).execute();
      } catch (error) {
        const index =
          kind === 'mysql' ? 'PRIMARY' : kind === 'sqlite' ? 'tiers_name' : 'tiers_pkey';
        throw violatesUnique(error, index) ? imageProblems.tierExists() : error;
      }
    },

    async update(name: string, changes: Partial<Omit<TierRow, 'name' | 'built_in'>>) {
      if (Object.keys(changes).length === 0) return;
      await db.updateTable('tiers').set(changes).where('name', '=', name).execute();
    },

    /** False where accounts have the tier, or it is not there. */
    async remove(name: string): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom('tiers')
        .where('name', '=', name)
        .where('built_in', '=', 0)
        .where(({ not, exists }) => not(exists(accountsWith(db, name))))
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
  };
}

function accountsWith(db: Kysely<ImageTables>, tier: string) {
  return db
    .selectFrom('accounts')
    .select('id')
    .where('tier', '=', tier)
    .where('deleted_at', 'is', null);
}
