import type { Slice } from '../../../http/pages.ts';
import type { SignedInAccount } from '../../../http/secured.ts';
import type { Access, ResolveTier, TierRights } from '../access.ts';
import type { FileRepository } from '../files/repository.ts';
import { imageProblems } from '../problems.ts';
import type { Removals } from '../sweep/removals.ts';
import type { ImageFileRow, ImageRow } from '../tables.ts';
import type { ImageRepository } from './repository.ts';

/** An image as its owner sees it now. */
export interface VisibleImage {
  image: ImageRow;
  /** The sizes that exist. The others are made when they are first read. */
  files: ImageFileRow[];
  rights: TierRights;
}

export interface ImageServiceDeps {
  images: ImageRepository;
  files: FileRepository;
  access: Access;
  resolveTier: ResolveTier;
  removals: Removals;
}

export type ImageService = ReturnType<typeof createImageService>;

export function createImageService(deps: ImageServiceDeps) {
  const { images, files, access, resolveTier, removals } = deps;

  /** Returns an image, with the rights of its owner. @throws {Problem} `image_not_found` */
  async function find(
    account: SignedInAccount,
    id: string,
  ): Promise<{ image: ImageRow; rights: TierRights }> {
    const image = await images.find(id);
    const rights = image && (await access.ofAccount(account, image.account_id));
    if (!rights) throw imageProblems.imageNotFound();
    return { image, rights };
  }

  return {
    find,

    /** Lists the account's own images, the newest first. */
    async list(account: SignedInAccount, slice: Slice) {
      const { count, rows } = await images.list(account.id, slice);
      const rights = await resolveTier(account.tier);
      const listed = await files.listOf(rows.map(({ id }) => id));
      const byImage = Map.groupBy(listed, ({ image_id }) => image_id);
      const results = rows.map((image) => ({ image, files: byImage.get(image.id) ?? [], rights }));
      return { count, results };
    },

    /** @throws {Problem} `image_not_found` */
    async get(account: SignedInAccount, id: string): Promise<VisibleImage> {
      const { image, rights } = await find(account, id);
      return { image, files: await files.listOf([id]), rights };
    },

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
