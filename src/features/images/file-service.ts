import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { LRUCache } from 'lru-cache';
import type { ImageFileRow, ImageFormat } from '../../database/tables/images.ts';
import { ObjectMissing } from '../../storage/errors.ts';
import type { ByteRange, Storage } from '../../storage/storage.ts';
import { thumbnailRow } from './image-service.ts';
import { newObjectKey } from './object-keys.ts';
import { imageProblems } from './problems.ts';
import type { Renderer } from './renderer.ts';
import type { ImageRepository, ReadableRow } from './repositories/images.ts';
import type { TierRepository } from './repositories/tiers.ts';
import { heightOfSize, ORIGINAL, type SizeRights, sizesOf, tierOf } from './rights.ts';
import { storeObject } from './stored-object.ts';

export interface FileServiceDeps {
  images: ImageRepository;
  tiers: TierRepository;
  storage: Storage;
  renderer: Renderer;
}

/** Where the bytes of a size are. */
export type StoredFile = Pick<ImageFileRow, 'object_key' | 'object_offset' | 'bytes' | 'sha256'>;

export interface ReadableFile extends StoredFile {
  format: ImageFormat;
}

/** How much of small files is kept in memory, and how large one of them may be. */
const MEMORY = { maxSize: 32 * 1024 ** 2, maxEntrySize: 128 * 1024 };

export type FileService = ReturnType<typeof createFileService>;

/** The bytes of images, as far as the tier of an image's owner has them now. */
export function createFileService({ images, tiers, storage, renderer }: FileServiceDeps) {
  /** Thumbnails that are being made, so that many readers wait for one. */
  const making = new Map<string, Promise<ImageFileRow>>();
  /** Objects never change, so neither does what is here; who may read it is asked each time. */
  const small = new LRUCache<string, Buffer>({
    ...MEMORY,
    sizeCalculation: ({ length }) => length,
  });

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
    return { object_key: object_key!, object_offset, bytes, sha256, format };
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
    const load = async () => buffer(await stream(original).catch(explainMissing(image.id)));
    const [thumbnail] = await renderer.render(header, load, [heightOfSize(size)!]);
    const row = thumbnailRow(image.id, newObjectKey(), thumbnail!);
    const stored = await storeObject(
      { storage, images },
      { key: row.object_key, content: thumbnail!.content, record: () => images.addFile(row) },
    );
    // Another process has made it meanwhile.
    if (stored !== row) await storage.remove(row.object_key);
    return stored;
  }

  /** An object that is missing is a fault, unless its image has been deleted meanwhile. */
  function explainMissing(imageId: string) {
    return async (error: Error): Promise<never> => {
      const isDeleted = error instanceof ObjectMissing && !(await images.find(imageId));
      throw isDeleted ? imageProblems.imageNotFound() : error;
    };
  }

  async function open(file: StoredFile, range?: ByteRange): Promise<Readable | Buffer> {
    if (range || file.bytes > MEMORY.maxEntrySize) return stream(file, range);
    const name = `${file.object_key}@${file.object_offset}`;
    const kept = small.get(name) ?? (await buffer(await stream(file)));
    small.set(name, kept);
    return kept;
  }

  function stream(file: StoredFile, range: ByteRange = { start: 0, end: file.bytes - 1 }) {
    const { object_key, object_offset } = file;
    const start = object_offset + range.start;
    return storage.get(object_key, { start, end: object_offset + range.end });
  }

  return {
    find,
    /** The bytes of a file, or a range of them. */
    open,
  };
}

/** Whether someone may read an image of that account, which has those rights. */
export type MayRead = (accountId: string, tier: SizeRights) => boolean;
