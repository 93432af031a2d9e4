import { createQueue } from '../../../queue.ts';
import { ObjectMissing, StorageUnavailable } from '../../../storage/errors.ts';
import type { Storage } from '../../../storage/storage.ts';
import { imageProblems } from '../problems.ts';
import type { Renderer } from '../rendering/renderer.ts';
import { heightOfSize, ORIGINAL } from '../sizes.ts';
import type { ImageFileRow } from '../tables.ts';
import { newObjectKey, storeObject, thumbnailRow } from './objects.ts';
import type { FileRepository } from './repository.ts';
import type { StoredFiles } from './stored-files.ts';

export interface LateThumbnailDeps {
  files: FileRepository;
  storage: Storage;
  stored: StoredFiles;
  renderer: Renderer;
  limits: { queue: number; perAccount: number };
}

/**
 * Makes a size of an image that its tier got after the upload. Concurrent readers share the work.
 *
 * @throws {Problem} `image_not_found`, those of the renderer, `storage_unavailable`
 */
export type MakeThumbnail = (
  image: { id: string; account_id: string },
  size: string,
) => Promise<ImageFileRow>;

/** Thumbnails in the making at once. Each needs a copy of its original in the scratch folder. */
const CONCURRENCY = 8;

export function createThumbnailMaker(deps: LateThumbnailDeps): MakeThumbnail {
  const { files, stored, renderer, limits } = deps;
  const inFlight = new Map<string, Promise<ImageFileRow>>();
  const queue = createQueue(
    {
      slots: CONCURRENCY,
      maxWaiting: limits.queue,
      maxPerClient: limits.perAccount,
      name: 'late_thumbnails',
    },
    imageProblems.queueFull,
  );

  async function make(id: string, account: string, size: string): Promise<ImageFileRow> {
    const original = await files.find(id, ORIGINAL);
    if (!original) throw imageProblems.imageNotFound();
    // Copied before it waits for a decoder, so that a slow storage holds up no upload.
    const copy = await stored.copy(original).catch(explainMissing(files, id));
    const { thumbnails } = await renderer
      .render(copy.path, { account, heights: [heightOfSize(size)!] })
      .finally(copy.release);
    const [thumbnail] = thumbnails;
    const key = newObjectKey();
    const row = thumbnailRow(id, { object_key: key, object_offset: 0 }, thumbnail!);
    return storeObject(deps, {
      key,
      content: thumbnail!.content,
      async record() {
        const result = await files.add(row);
        return { result, isNeeded: result === row };
      },
    });
  }

  return ({ id, account_id: account }, size) => {
    const key = `${id}/${size}`;
    const known = inFlight.get(key);
    if (known) return known;
    const made = queue
      .run(() => make(id, account, size), { client: account })
      .finally(() => inFlight.delete(key));
    inFlight.set(key, made);
    return made;
  };
}

/** Turns a missing object into a fault of the storage, or into 404 if its image has just been deleted. */
export function explainMissing(files: FileRepository, imageId: string) {
  return async (error: Error): Promise<never> => {
    if (!(error instanceof ObjectMissing)) throw error;
    throw (await files.find(imageId, ORIGINAL))
      ? new StorageUnavailable(error)
      : imageProblems.imageNotFound();
  };
}
