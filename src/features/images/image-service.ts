import { hash } from 'node:crypto';
import { appendFile, rm } from 'node:fs/promises';
import type { Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { SignedInAccount } from '../../http/secured.ts';
import type { Claim } from '../../idempotency/claim.ts';
import type { Idempotency, Once } from '../../idempotency/idempotency.ts';
import type { Storage } from '../../storage/storage.ts';
import type { TierRepository } from '../tiers/repository.ts';
import type { ImageHeader, Thumbnail } from './decode.ts';
import { newLink } from './link-service.ts';
import { newObjectKey } from './object-keys.ts';
import { imageProblems } from './problems.ts';
import type { Removals } from './removals.ts';
import type { Renderer } from './renderer.ts';
import type { ImageRepository, OwnedImageRow } from './repositories/images.ts';
import { createReservations } from './reservations.ts';
import { defaultSize, ORIGINAL, sizeOfHeight, type Tier, tierOf } from './rights.ts';
import { storeObject } from './stored-object.ts';
import type { ImageFileRow, ImageFormat, ImageLinkRow, ImageRow, ImageTables } from './tables.ts';
import type { ReceivedFile, Upload } from './upload.ts';
import {
  AlreadyUploaded,
  fromRecord,
  toRecord,
  type UploadRecord,
  type UploadRows,
} from './upload-record.ts';

/** An image as its owner sees it now. */
export interface VisibleImage {
  id: string;
  createdAt: number;
  format: ImageFormat;
  tier: Tier;
  /** The sizes that have been made, by name. Others are made when they are first read. */
  files: Map<string, ImageFileRow>;
}

export interface ImageServiceDeps {
  images: ImageRepository;
  tiers: TierRepository;
  storage: Storage;
  renderer: Renderer;
  removals: Removals;
  idempotency: Idempotency;
}

export type ImageService = ReturnType<typeof createImageService>;

export function createImageService({
  images,
  tiers,
  storage,
  renderer,
  removals,
  idempotency,
}: ImageServiceDeps) {
  const reservations = createReservations();

  /**
   * Returns what an upload may take, to be released when it has ended. One that repeats another under its key may
   * be as large as any, since nothing new will be stored.
   */
  async function allow(account: SignedInAccount, claim: Claim | undefined) {
    const { max_bytes: maxBytes, quota_bytes } = tierOf(await tiers.resolve(account.tier));
    const free = quota_bytes - (await images.usedBytes(account.id));
    const isRepeated = await idempotency.isTaken(claim);
    const room = isRepeated ? Math.max(free, maxBytes) : free;
    return { maxBytes, ...reservations.open(account.id, room) };
  }

  /**
   * Makes an image of a file, which is gone from the scratch folder afterwards, however this ends.
   * `isAwaited` says whether someone still waits for it. Once for each claim.
   *
   * @throws {Problem} `links_not_included`, `quota_exceeded`, those of the renderer, `storage_unavailable`,
   * `idempotency_key_reused`
   */
  async function create(
    account: SignedInAccount,
    { file, linkLifetime }: Upload,
    isAwaited: () => boolean,
    claim?: Claim,
  ): Promise<Once<{ image: VisibleImage; link: ImageLinkRow | undefined }>> {
    try {
      const tier = tierOf(await tiers.resolve(account.tier));
      const known = await idempotency.recall<UploadRecord>(claim);
      if (known) return visibleUpload(known, tier);
      const byAdministrator = account.role === 'admin';
      if (linkLifetime !== undefined && !tier.expiring_links && !byAdministrator) {
        throw imageProblems.linksNotIncluded();
      }
      const { header, thumbnails } = await renderer.render(file.path, {
        account: account.id,
        heights: tier.thumbnail_heights,
        isAwaited,
      });
      const id = uuidv7();
      const rows = fileRows(id, header, file, thumbnails);
      await appendFile(file.path, Buffer.concat(thumbnails.map(({ content }) => content)));
      const link =
        linkLifetime === undefined
          ? undefined
          : newLink({ imageId: id, size: defaultSize(tier), linkLifetime, byAdministrator });
      const image = {
        id,
        account_id: account.id,
        created_at: Date.now(),
        format: header.format,
        bytes: file.bytes,
      };
      const once = await storeObject(
        { storage, images },
        {
          key: rows[0]!.object_key,
          content: { file: file.path },
          record: () => record({ image, files: rows, link }, tier, claim),
        },
      ).catch((error) => {
        if (error instanceof AlreadyUploaded) return error.once;
        throw error;
      });
      return visibleUpload(once, tier);
    } finally {
      await rm(file.path, { force: true });
    }
  }

  /** @throws {AlreadyUploaded} so that the object is removed again */
  async function record(
    rows: UploadRows,
    tier: Tier,
    claim: Claim | undefined,
  ): Promise<Once<UploadRecord>> {
    const once = await idempotency.commit(claim, async (trx: Transaction<ImageTables>) => {
      await images.insert(trx, rows, tier.quota_bytes);
      return toRecord(rows);
    });
    if (once.replayed) throw new AlreadyUploaded(once);
    return once;
  }

  /** @throws {Problem} `image_not_found`, also where it is another's. */
  async function find(account: SignedInAccount, id: string): Promise<OwnedImageRow> {
    const image = await images.find(id);
    if (!image || (image.account_id !== account.id && account.role !== 'admin')) {
      throw imageProblems.imageNotFound();
    }
    return image;
  }

  return {
    allow,
    create,
    find,

    /** The account's own, the newest first. */
    async list(account: SignedInAccount, window: { offset: number; limit: number }) {
      const { count, rows } = await images.list(account.id, window);
      const tier = tierOf(await tiers.resolve(account.tier));
      const files = await images.filesOf(rows.map(({ id }) => id));
      const byImage = Map.groupBy(files, ({ image_id }) => image_id);
      const results = rows.map((row) => visible(row, tier, byImage.get(row.id) ?? []));
      return { count, results };
    },

    async get(account: SignedInAccount, id: string): Promise<VisibleImage> {
      const image = await find(account, id);
      const tier = tierOf(await tiers.resolve(image.tier));
      return visible(image, tier, await images.filesOf([id]));
    },

    /** The rows go first: an image is there whole or not at all. Its objects follow, at once if they can. */
    async remove(account: SignedInAccount, id: string): Promise<void> {
      await find(account, id);
      await images.remove(id);
      removals.soon();
    },
  };
}

function visibleUpload({ result, replayed }: Once<UploadRecord>, tier: Tier) {
  const { image, files, link } = fromRecord(result);
  return { result: { image: visible(image, tier, files), link }, replayed };
}

function visible(
  { id, created_at, format }: ImageRow,
  tier: Tier,
  files: ImageFileRow[],
): VisibleImage {
  const bySize = new Map(files.map((file) => [file.size, file]));
  return { id, createdAt: created_at, format, tier, files: bySize };
}

/** One object holds the original and, after it, its thumbnails: one write, and all of it or nothing. */
function fileRows(
  id: string,
  { width, height }: ImageHeader,
  { bytes, sha256 }: ReceivedFile,
  thumbnails: Thumbnail[],
): ImageFileRow[] {
  const object_key = newObjectKey();
  const rows: ImageFileRow[] = [
    { image_id: id, size: ORIGINAL, object_key, object_offset: 0, bytes, width, height, sha256 },
  ];
  let offset = bytes;
  for (const thumbnail of thumbnails) {
    rows.push({ ...thumbnailRow(id, object_key, thumbnail), object_offset: offset });
    offset += thumbnail.content.length;
  }
  return rows;
}

export function thumbnailRow(
  image_id: string,
  object_key: string,
  { target, content, width, height }: Thumbnail,
): ImageFileRow {
  return {
    image_id,
    size: sizeOfHeight(target),
    object_key,
    object_offset: 0,
    bytes: content.length,
    width,
    height,
    sha256: hash('sha256', content, 'buffer'),
  };
}
