import type { AnyTransaction } from '../../database/database.ts';
import { isAdministrator, type SignedInAccount } from '../../http/secured.ts';

/** The rights that a tier gives. */
export interface TierRights {
  thumbnail_heights: number[];
  original: boolean;
  expiring_links: boolean;
  max_bytes: number;
  quota_bytes: number;
}

/** Returns the rights of a tier, as they are now. */
export type ResolveTier = (name: string) => Promise<TierRights>;

/** Answers questions about accounts; app.ts passes it in. */
export interface Owners {
  /** Returns undefined where the account has been deleted. */
  find(id: string): Promise<{ tier: string; isDisabled: boolean } | undefined>;
  /** Returns those of the accounts that have been deleted. */
  findDeleted(ids: string[]): Promise<string[]>;
  /**
   * Keeps an account as it is until the end of the transaction.
   *
   * @returns false where it is disabled or has been deleted
   */
  lock(trx: AnyTransaction, id: string): Promise<boolean>;
}

export type Access = ReturnType<typeof createAccess>;

/** Decides who may see the images of an account. Whoever may, sees what the tier of that account includes. */
export function createAccess(owners: Owners, resolveTier: ResolveTier) {
  return {
    /** Returns the rights of an owner's tier, or undefined where the account may not see the owner's images. */
    async ofAccount(account: SignedInAccount, ownerId: string): Promise<TierRights | undefined> {
      if (account.id === ownerId) return resolveTier(account.tier);
      const owner = isAdministrator(account) ? await owners.find(ownerId) : undefined;
      return owner && resolveTier(owner.tier);
    },

    /** Returns the rights of an owner's tier, or undefined where signed addresses of the owner's images lead nowhere. */
    async ofUrl(ownerId: string): Promise<TierRights | undefined> {
      const owner = await owners.find(ownerId);
      return owner && !owner.isDisabled ? resolveTier(owner.tier) : undefined;
    },

    /** Returns the rights of an owner's tier, or undefined where a link to an image of the owner leads nowhere. */
    async ofLink(
      { by_administrator }: { by_administrator: number },
      ownerId: string,
    ): Promise<TierRights | undefined> {
      const owner = await owners.find(ownerId);
      if (!owner || owner.isDisabled) return undefined;
      const rights = await resolveTier(owner.tier);
      return rights.expiring_links || by_administrator === 1 ? rights : undefined;
    },
  };
}
