import { ObjectMissing, StorageUnavailable } from '../../storage/errors.ts';
import type { Storage } from '../../storage/storage.ts';
import { createImageQueue } from './image-queue.ts';
import { thumbnailRow } from './image-service.ts';
import { newObjectKey } from './object-keys.ts';
import { imageProblems } from './problems.ts';
import type { Renderer } from './renderer.ts';
import type { ImageRepository } from './repositories/images.ts';
import { heightOfSize, ORIGINAL } from './rights.ts';
import type { StoredFiles } from './stored-files.ts';
import { storeObject } from './stored-object.ts';
import type { ImageFileRow } from './tables.ts';

export interface LateThumbnailDeps {
  images: ImageRepository;
  storage: Storage;
  stored: StoredFiles;
  renderer: Renderer;
  limits: { queue: number; perAccount: number };
}

/**
 * Makes a size of an image that its tier got after the upload. Readers who come meanwhile wait for the same.
 *
 * @throws {Problem} `image_not_found`, those of the renderer, `storage_unavailable`
 */
export type MakeThumbnail = (
  image: { id: string; account_id: string },
  size: string,
) => Promise<ImageFileRow>;

/** Thumbnails that are made at once. Each has a copy of its original in the scratch folder. */
const CONCURRENCY = 8;

export function createThumbnailMaker(deps: LateThumbnailDeps): MakeThumbnail {
  const { images, storage, stored, renderer, limits } = deps;
  const underWay = new Map<string, Promise<ImageFileRow>>();
  const runInTurn = createImageQueue({ concurrency: CONCURRENCY, ...limits });

  async function make(id: string, account: string, size: string): Promise<ImageFileRow> {
    const original = await images.findFile(id, ORIGINAL);
    if (!original) throw imageProblems.imageNotFound();
    // Loaded before it takes a decoder's place: a storage that is slow holds up no upload.
    const copy = await stored.copy(original).catch(explainMissing(images, id));
    const { thumbnails } = await renderer
      .render(copy.path, { account, heights: [heightOfSize(size)!] })
      .finally(copy.release);
    return store(thumbnailRow(id, newObjectKey(), thumbnails[0]!), thumbnails[0]!);
  }

  async function store(row: ImageFileRow, { content }: { content: Buffer }): Promise<ImageFileRow> {
    const added = await storeObject(
      { storage, images },
      { key: row.object_key, content, record: () => images.addFile(row) },
    );
    // Another process has made it meanwhile.
    if (added !== row) await storage.remove(row.object_key).catch(() => undefined);
    return added;
  }

  return ({ id, account_id: account }, size) => {
    const key = `${id}/${size}`;
    const known = underWay.get(key);
    if (known) return known;
    const made = runInTurn(() => make(id, account, size), { client: account }).finally(() =>
      underWay.delete(key),
    );
    underWay.set(key, made);
    return made;
  };
}

/** An object that is missing is a fault of the storage, unless its image has been deleted meanwhile. */
export function explainMissing(images: ImageRepository, imageId: string) {
  return async (error: Error): Promise<never> => {
    if (!(error instanceof ObjectMissing)) throw error;
    throw (await images.find(imageId))
      ? new StorageUnavailable(error)
      : imageProblems.imageNotFound();
  };
}
