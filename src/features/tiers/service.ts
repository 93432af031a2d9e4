import type { Transaction } from 'kysely';
import type { Claim } from '../../idempotency/claim.ts';
import type { Idempotency, Once } from '../../idempotency/idempotency.ts';
import { imageProblems } from '../images/problems.ts';
import { type Tier, tierOf } from '../images/rights.ts';
import type { ImageTables, TierRow } from '../images/tables.ts';
import type { TierRepository } from './repository.ts';

export type TierChanges = Partial<Omit<Tier, 'name' | 'built_in'>>;

export type TierService = ReturnType<typeof createTierService>;

export function createTierService(tiers: TierRepository, idempotency: Idempotency) {
  /** @throws {Problem} `tier_not_found` */
  async function get(name: string): Promise<Tier> {
    const row = await tiers.find(name);
    if (!row) throw imageProblems.tierNotFound();
    return tierOf(row);
  }

  return {
    get,
    list: tiers.list,

    /** Once for each claim. @throws {Problem} `tier_exists`, those of idempotency keys */
    create: (tier: Tier, claim?: Claim): Promise<Once<Tier>> =>
      idempotency.once(claim, async (trx: Transaction<ImageTables>) => {
        const row = { name: tier.name, built_in: 0, ...columnsOf(tier) };
        await tiers.insert(row, trx);
        return tierOf(row);
      }),

    /** @throws {Problem} `tier_not_found` */
    async change(name: string, changes: TierChanges): Promise<Tier> {
      const columns = columnsOf({ ...(await get(name)), ...changes });
      // Nothing but what changes is written, so that concurrent changes are not undone.
      const changed = Object.entries(columns).filter(([column]) => column in changes);
      await tiers.update(name, Object.fromEntries(changed));
      return get(name);
    },

    /** @throws {Problem} `tier_not_found`, `tier_built_in`, `tier_in_use` */
    async remove(name: string): Promise<void> {
      const { built_in } = await get(name);
      if (built_in) throw imageProblems.tierBuiltIn();
      if (!(await tiers.remove(name))) throw imageProblems.tierInUse();
    },
  };
}

function columnsOf(tier: Tier): Omit<TierRow, 'name' | 'built_in'> {
  return {
    thumbnail_heights: JSON.stringify(tier.thumbnail_heights.toSorted((a, b) => a - b)),
    original: tier.original ? 1 : 0,
    expiring_links: tier.expiring_links ? 1 : 0,
    max_bytes: tier.max_bytes,
    quota_bytes: tier.quota_bytes,
  };
}
