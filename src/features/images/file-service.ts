import type { Readable } from 'node:stream';
import type { ByteRange } from '../../storage/storage.ts';
import type { TierRepository } from '../tiers/repository.ts';
import { explainMissing, type MakeThumbnail } from './late-thumbnails.ts';
import { imageProblems } from './problems.ts';
import type { ImageRepository, ReadableRow } from './repositories/images.ts';
import { type SizeRights, sizesOf, tierOf } from './rights.ts';
import type { StoredFile, StoredFiles } from './stored-files.ts';
import type { ImageFormat } from './tables.ts';

export interface FileServiceDeps {
  images: ImageRepository;
  tiers: TierRepository;
  stored: StoredFiles;
  makeThumbnail: MakeThumbnail;
}

export interface ReadableFile extends StoredFile {
  image_id: string;
  format: ImageFormat;
}

export type FileService = ReturnType<typeof createFileService>;

/** The bytes of images, as far as the tier of an image's owner has them now. */
export function createFileService({ images, tiers, stored, makeThumbnail }: FileServiceDeps) {
  /**
   * What is to be read for a size of an image. One that the tier got after the upload is made first.
   * `mayRead` may throw, or answer no.
   *
   * @throws {Problem} `image_not_found`, `size_not_found`
   */
  async function find(id: string, size: string, mayRead: MayRead): Promise<ReadableFile> {
    const found = await images.findReadable(id, size);
    if (!found) throw imageProblems.imageNotFound();
    const tier = await tierOfReadable(found);
    if (!mayRead(found.account_id, tier)) throw imageProblems.imageNotFound();
    if (!sizesOf(tier).includes(size)) throw imageProblems.sizeNotFound();
    const { format } = found;
    const { object_key, object_offset, bytes, sha256 } =
      found.object_key === null ? await makeThumbnail(found, size) : found;
    return { image_id: id, object_key: object_key!, object_offset, bytes, sha256, format };
  }

  async function tierOfReadable({ tier, ...rights }: ReadableRow): Promise<SizeRights> {
    if (rights.thumbnail_heights === null) return tierOf(await tiers.resolve(tier));
    return {
      thumbnail_heights: JSON.parse(rights.thumbnail_heights),
      original: rights.original === 1,
      expiring_links: rights.expiring_links === 1,
    };
  }

  async function open(file: ReadableFile, range?: ByteRange): Promise<Readable | Buffer> {
    return stored.open(file, range).catch(explainMissing(images, file.image_id));
  }

  return {
    find,
    /** The bytes of a file, or a range of them. */
    open,
  };
}

/** Whether someone may read an image of that account, which has those rights. */
export type MayRead = (accountId: string, tier: SizeRights) => boolean;
