import type { Transaction } from 'kysely';
import type { AnyTransaction, Database } from '../../database/database.ts';
import type { Claim } from '../../idempotency/claim.ts';
import type { Idempotency, Once } from '../../idempotency/idempotency.ts';
import { tierProblems } from './problems.ts';
import { createTierRepository } from './repository.ts';
import { NEW_TIER_DEFAULTS, type NewTier, type Tier, type TierChanges } from './schemas.ts';
import type { TierTables } from './tables.ts';

/** The tier of new accounts. It is built in, so it is always there. */
export const DEFAULT_TIER = 'basic';

export interface TierDeps {
  database: Database<TierTables>;
  idempotency: Idempotency;
  /** Says, within a transaction that has locked a tier, whether accounts have it. */
  isInUse(trx: AnyTransaction, name: string): Promise<boolean>;
}

export type TierService = ReturnType<typeof createTierService>;

/** Tiers, for administrators, and for the features that app.ts gives `resolve` and `lock` to. */
export function createTierService({ database, idempotency, isInUse }: TierDeps) {
  const tiers = createTierRepository(database);

  /** @throws {Problem} `tier_not_found` */
  async function get(name: string): Promise<Tier> {
    const tier = await tiers.find(name);
    if (!tier) throw tierProblems.tierNotFound();
    return tier;
  }

  return {
    get,
    list: tiers.list,

    /** Creates a tier once for each claim. @throws {Problem} `tier_exists`, those of idempotency keys */
    create: (tier: NewTier, claim?: Claim): Promise<Once<Tier>> =>
      idempotency.once(claim, (trx: Transaction<TierTables>) =>
        tiers.insert(trx, { ...NEW_TIER_DEFAULTS, ...tier, built_in: false }),
      ),

    /** @throws {Problem} `tier_not_found` */
    async update(name: string, changes: TierChanges): Promise<Tier> {
      await tiers.update(name, changes);
      return get(name);
    },

    /** @throws {Problem} `tier_not_found`, `tier_built_in`, `tier_in_use` */
    delete: (name: string): Promise<void> =>
      database.transaction(async (trx) => {
        const tier = await tiers.lock(trx, name);
        if (!tier) throw tierProblems.tierNotFound();
        if (tier.built_in) throw tierProblems.tierBuiltIn();
        if (await isInUse(trx, name)) throw tierProblems.tierInUse();
        await tiers.delete(trx, name);
      }),

    /** Returns the tier of an account, or the default where that tier has just been deleted. */
    async resolve(name: string): Promise<Tier> {
      return (await tiers.find(name)) ?? get(DEFAULT_TIER);
    },

    /**
     * Keeps a tier from being deleted until the end of a transaction that gives it to an account.
     *
     * @returns false where there is no such tier
     */
    async lock(trx: AnyTransaction, name: string): Promise<boolean> {
      return (await tiers.lock(trx, name)) !== undefined;
    },
  };
}
