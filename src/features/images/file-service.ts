import type { Readable } from 'node:stream';
import type { ImageFileRow, ImageFormat } from '../../database/tables/images.ts';
import { ObjectMissing, StorageUnavailable } from '../../storage/errors.ts';
import type { ByteRange, Storage } from '../../storage/storage.ts';
import { thumbnailRow } from './image-service.ts';
import { newObjectKey } from './object-keys.ts';
import { imageProblems } from './problems.ts';
import type { Renderer } from './renderer.ts';
import type { ImageRepository, ReadableRow } from './repositories/images.ts';
import type { TierRepository } from './repositories/tiers.ts';
import { heightOfSize, ORIGINAL, type SizeRights, sizesOf, tierOf } from './rights.ts';
import type { StoredFile, StoredFiles } from './stored-files.ts';
import { storeObject } from './stored-object.ts';

export interface FileServiceDeps {
  images: ImageRepository;
  tiers: TierRepository;
  storage: Storage;
  renderer: Renderer;
  stored: StoredFiles;
}

export interface ReadableFile extends StoredFile {
  image_id: string;
  format: ImageFormat;
}

export type FileService = ReturnType<typeof createFileService>;

/** The bytes of images, as far as the tier of an image's owner has them now. */
export function createFileService({ images, tiers, storage, renderer, stored }: FileServiceDeps) {
  /** Thumbnails that are being made, so that many readers wait for one. */
  const making = new Map<string, Promise<ImageFileRow>>();

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
      found.object_key === null ? await makeOnce(found, size) : found;
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

  function makeOnce(image: ReadableRow, size: string): Promise<ImageFileRow> {
    const key = `${image.id}/${size}`;
    const underWay = making.get(key);
    if (underWay) return underWay;
    const made = make(image, size).finally(() => making.delete(key));
    making.set(key, made);
    return made;
  }

  async function make(image: ReadableRow, size: string): Promise<ImageFileRow> {
    const original = await images.findFile(image.id, ORIGINAL);
    if (!original) throw imageProblems.imageNotFound();
    const { width, height } = original;
    // How its rows are ordered is not kept; this is the order that takes more room.
    const header = { format: image.format, width, height, isInterlaced: true };
    // Loaded before it waits for a decoder: a storage that is slow is to delay nobody else.
    const copy = await stored.copy(original).catch(explainMissing(image.id));
    const [thumbnail] = await renderer
      .render(header, async () => copy.path, [heightOfSize(size)!])
      .finally(copy.release);
    const row = thumbnailRow(image.id, newObjectKey(), thumbnail!);
    const added = await storeObject(
      { storage, images },
      { key: row.object_key, content: thumbnail!.content, record: () => images.addFile(row) },
    );
    // Another process has made it meanwhile.
    if (added !== row) await storage.remove(row.object_key).catch(() => undefined);
    return added;
  }

  /** An object that is missing is a fault of the storage, unless its image has been deleted meanwhile. */
  function explainMissing(imageId: string) {
    return async (error: Error): Promise<never> => {
      if (!(error instanceof ObjectMissing)) throw error;
      throw (await images.find(imageId))
        ? new StorageUnavailable(error)
        : imageProblems.imageNotFound();
    };
  }

  async function open(file: ReadableFile, range?: ByteRange): Promise<Readable | Buffer> {
    return stored.open(file, range).catch(explainMissing(file.image_id));
  }

  return {
    find,
    /** The bytes of a file, or a range of them. */
    open,
  };
}

/** Whether someone may read an image of that account, which has those rights. */
export type MayRead = (accountId: string, tier: SizeRights) => boolean;
