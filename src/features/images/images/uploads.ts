import { appendFile, rm } from 'node:fs/promises';
import type { Transaction } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { type SignedInAccount, sessionEnded } from '../../../http/secured.ts';
import type { Claim } from '../../../idempotency/claim.ts';
import type { Idempotency, Once } from '../../../idempotency/idempotency.ts';
import type { Storage } from '../../../storage/storage.ts';
import { isAdministrator, type Owners, type ResolveTier, type TierRights } from '../access.ts';
import { storeObject } from '../files/objects.ts';
import type { FileRepository } from '../files/repository.ts';
import { fileRows } from '../files/rows.ts';
import { newLink } from '../links/link.ts';
import { imageProblems } from '../problems.ts';
import type { Rendered, Renderer } from '../rendering/renderer.ts';
import { defaultSize } from '../sizes.ts';
import type { ImageLinkRow, ImageTables } from '../tables.ts';
import type { ImageRepository, NewImage } from './repository.ts';
import { createReservations } from './reservations.ts';
import { type VisibleImage, visibleImage } from './service.ts';
import type { Upload } from './upload-form.ts';
import { AlreadyUploaded, fromRecord, toRecord, type UploadRecord } from './upload-record.ts';

export interface UploadDeps {
  images: ImageRepository;
  files: FileRepository;
  owners: Owners;
  resolveTier: ResolveTier;
  storage: Storage;
  renderer: Renderer;
  idempotency: Idempotency;
}

export type Uploads = ReturnType<typeof createUploads>;

export function createUploads(deps: UploadDeps) {
  const { images, files, owners, resolveTier, storage, renderer, idempotency } = deps;
  const reservations = createReservations();

  /**
   * Returns the limits of an upload, to be released when it has ended. A repeated upload, under an
   * Idempotency-Key that is taken, may exceed the quota, because nothing new will be stored.
   */
  async function allow(account: SignedInAccount, claim: Claim | undefined) {
    const { max_bytes: maxBytes, quota_bytes } = await resolveTier(account.tier);
    const free = quota_bytes - (await images.usedBytes(account.id));
    const isRepeated = await idempotency.isTaken(claim);
    const available = isRepeated ? Math.max(free, maxBytes) : free;
    return { maxBytes, ...reservations.open(account.id, available) };
  }

  /**
   * Creates an image from a received file, once for each claim. The file is removed in any case.
   * `isAwaited` says whether the client is still connected.
   *
   * @throws {Problem} `links_not_included`, `quota_exceeded`, those of the renderer, `storage_unavailable`,
   * `idempotency_key_reused`
   */
  async function create(
    account: SignedInAccount,
    upload: Upload,
    isAwaited: () => boolean,
    claim?: Claim,
  ): Promise<Once<{ image: VisibleImage; link: ImageLinkRow | undefined }>> {
    const { path } = upload.file;
    try {
      const rights = await resolveTier(account.tier);
      const known = await idempotency.recall<UploadRecord>(claim);
      if (known) return visibleUpload(known, rights);
      const mayLink = rights.expiring_links || isAdministrator(account);
      if (upload.linkLifetime !== undefined && !mayLink) throw imageProblems.linksNotIncluded();
      const rendered = await renderer.render(path, {
        account: account.id,
        heights: rights.thumbnail_heights,
        isAwaited,
      });
      await appendFile(path, Buffer.concat(rendered.thumbnails.map(({ content }) => content)));
      const rows = newImage(account, upload, rendered, rights);
      return visibleUpload(await store(path, rows, rights.quota_bytes, claim), rights);
    } finally {
      await rm(path, { force: true });
    }
  }

  async function store(
    file: string,
    rows: NewImage,
    quota: number,
    claim: Claim | undefined,
  ): Promise<Once<UploadRecord>> {
    const key = rows.files[0]!.object_key;
    try {
      const record = () => insert(rows, quota, claim);
      return await storeObject({ storage, files }, { key, content: { file }, record });
    } catch (error) {
      if (error instanceof AlreadyUploaded) return error.once;
      throw error;
    }
  }

  /** @throws {AlreadyUploaded} so that the object is removed again */
  async function insert(
    rows: NewImage,
    quota: number,
    claim: Claim | undefined,
  ): Promise<Once<UploadRecord>> {
    const once = await idempotency.commit(claim, async (trx: Transaction<ImageTables>) => {
      if (!(await owners.lock(trx, rows.image.account_id))) throw sessionEnded();
      await images.insert(trx, rows, quota);
      return toRecord(rows);
    });
    if (once.replayed) throw new AlreadyUploaded(once);
    return once;
  }

  return { allow, create };
}

function newImage(
  account: SignedInAccount,
  { file, linkLifetime }: Upload,
  { header, thumbnails }: Rendered,
  rights: TierRights,
): NewImage {
  const id = uuidv7();
  const { format } = header;
  return {
    image: { id, account_id: account.id, created_at: Date.now(), format, bytes: file.bytes },
    files: fileRows(id, header, file, thumbnails),
    link:
      linkLifetime === undefined
        ? undefined
        : newLink(account, { imageId: id, size: defaultSize(rights), lifetime: linkLifetime }),
  };
}

function visibleUpload({ result, replayed }: Once<UploadRecord>, rights: TierRights) {
  const { image, files, link } = fromRecord(result);
  return { result: { image: visibleImage(image, rights, files), link }, replayed };
}
