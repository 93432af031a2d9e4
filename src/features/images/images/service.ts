import type { Found, Slice } from '../../../database/keyset.ts';
import type { SignedInAccount } from '../../../http/secured.ts';
import type { Access, ResolveTier, TierRights } from '../access.ts';
import { imageProblems } from '../problems.ts';
import type { Removals } from '../sweep/removals.ts';
import type { ImageRow } from '../tables.ts';
import type { ImageAndFiles, ImageRepository } from './repository.ts';

/** An image as its owner sees it now. Sizes that do not exist are made when they are first read. */
export interface VisibleImage extends ImageAndFiles {
  rights: TierRights;
}

export interface ImageServiceDeps {
  images: ImageRepository;
  access: Access;
  resolveTier: ResolveTier;
  removals: Removals;
}

export type ImageService = ReturnType<typeof createImageService>;

export function createImageService(deps: ImageServiceDeps) {
  const { images, access, resolveTier, removals } = deps;

  /** Adds the rights of an image's owner. @throws {Problem} `image_not_found` */
  async function withRights<Found extends { image: ImageRow }>(
    account: SignedInAccount,
    found: Found | undefined,
  ): Promise<Found & { rights: TierRights }> {
    const rights = found && (await access.ofAccount(account, found.image.account_id));
    if (!rights) throw imageProblems.imageNotFound();
    return { ...found, rights };
  }

  /** @throws {Problem} `image_not_found` */
  async function find(account: SignedInAccount, id: string) {
    const image = await images.find(id);
    return withRights(account, image && { image });
  }

  return {
    find,

    /** Lists the account's own images, the newest first. */
    async list(account: SignedInAccount, slice: Slice): Promise<Found<VisibleImage>> {
      const { count, rows } = await images.list(account.id, slice);
      const rights = await resolveTier(account.tier);
      return { count, rows: rows.map((row) => ({ ...row, rights })) };
    },

    /** @throws {Problem} `image_not_found` */
    get: async (account: SignedInAccount, id: string): Promise<VisibleImage> =>
      withRights(account, await images.findWithFiles(id)),

    /**
     * Deletes an image at once, and begins to remove its objects from the storage.
     *
     * @throws {Problem} `image_not_found`
     */
    async delete(account: SignedInAccount, id: string): Promise<void> {
      await find(account, id);
      await images.delete(id);
      removals.start();
    },
  };
}
