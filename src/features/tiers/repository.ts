import type { Kysely, Selectable } from 'kysely';
import { countOf } from '../../database/count.ts';
import type { AnyTransaction, Database } from '../../database/database.ts';
import { violatesUnique } from '../../database/errors.ts';
import { type Ordering, type Slice, sliceOfRows } from '../../database/keyset.ts';
import { forUpdate } from '../../database/lock.ts';
import { prepare } from '../../database/prepare.ts';
import { tierProblems } from './problems.ts';
import type { Tier, TierChanges } from './schemas.ts';
import type { TiersTable, TierTables } from './tables.ts';

type TierRow = Selectable<TiersTable>;

export const BY_NAME: Ordering = [{ column: 'name', direction: 'asc', type: 'id' }];

export function createTierRepository({ db, kind, snapshot }: Database<TierTables>) {
  const find = prepare(({ name }: { name: string }) =>
    db.selectFrom('tiers').selectAll().where('name', '=', name),
  );

  return {
    async find(name: string): Promise<Tier | undefined> {
      return (await find(db, { name })).rows.map(toTier)[0];
    },

    /** Reads a tier and keeps it as it is until the end of the transaction. */
    async lock(trx: AnyTransaction, name: string): Promise<Tier | undefined> {
      const tier = trx.selectFrom('tiers').selectAll().where('name', '=', name);
      const row = await forUpdate(kind, tier).executeTakeFirst();
      return row && toTier(row as TierRow);
    },

    /** Returns a slice of the tiers, and the count of all. */
    list: (slice: Slice) =>
      snapshot(async (trx) => {
        const tiers = trx.selectFrom('tiers');
        const rows = await sliceOfRows(tiers.selectAll(), kind, slice).execute();
        return { count: await countOf(tiers), rows: rows.map(toTier) };
      }),

    /** @throws {Problem} `tier_exists` */
    async insert(trx: Kysely<TierTables>, tier: Tier): Promise<Tier> {
      const row = toColumns(tier) as TierRow;
      try {
        await trx.insertInto('tiers').values(row).execute();
      } catch (error) {
        const index =
          kind === 'mysql' ? 'PRIMARY' : kind === 'sqlite' ? 'tiers_name' : 'tiers_pkey';
        throw violatesUnique(error, index) ? tierProblems.tierExists() : error;
      }
      return toTier(row);
    },

    /** Writes nothing but `changes`, so that concurrent changes of other members are kept. */
    async update(name: string, changes: TierChanges): Promise<void> {
      await db.updateTable('tiers').set(toColumns(changes)).where('name', '=', name).execute();
    },

    async delete(trx: Kysely<TierTables>, name: string): Promise<void> {
      await trx.deleteFrom('tiers').where('name', '=', name).execute();
    },
  };
}

function toTier(row: TierRow): Tier {
  return {
    ...row,
    built_in: row.built_in === 1,
    thumbnail_heights: JSON.parse(row.thumbnail_heights),
    original: row.original === 1,
    expiring_links: row.expiring_links === 1,
  };
}

function toColumns(members: Partial<Tier>): Partial<TierRow> {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name,
      Array.isArray(value)
        ? JSON.stringify(value.toSorted((a, b) => a - b))
        : typeof value === 'boolean'
          ? Number(value)
          : value,
    ]),
  );
}
