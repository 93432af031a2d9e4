import { appendFile, rm } from 'node:fs/promises';
import { v7 as uuidv7 } from 'uuid';
import { isAdministrator, type SignedInAccount } from '../../../http/secured.ts';
import type { Claim } from '../../../idempotency/claim.ts';
import type { Once } from '../../../idempotency/idempotency.ts';
import type { ResolveTier, TierRights } from '../access.ts';
import { fileRows } from '../files/objects.ts';
import { newLink } from '../links/service.ts';
import { imageProblems } from '../problems.ts';
import type { Rendered, Renderer } from '../rendering/renderer.ts';
import { defaultSize } from '../sizes.ts';
import type { NewImage } from './repository.ts';
import { createReservations } from './reservations.ts';
import type { VisibleImage } from './service.ts';
import type { Upload } from './upload-form.ts';
import {
  fromRecord,
  storeUpload,
  type UploadRecord,
  type UploadStoreDeps,
} from './upload-store.ts';

export interface UploadDeps extends UploadStoreDeps {
  resolveTier: ResolveTier;
  renderer: Renderer;
}

export type Uploads = ReturnType<typeof createUploads>;

export function createUploads(deps: UploadDeps) {
  const { images, resolveTier, renderer, idempotency } = deps;
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
  ): Promise<Once<VisibleImage & NewImage>> {
    const { path } = upload.file;
    try {
      const rights = await resolveTier(account.tier);
      const known = await idempotency.recall<UploadRecord>(claim);
      if (known) return withRights(known, rights);
      const mayLink = rights.expiring_links || isAdministrator(account);
      if (upload.linkLifetime !== undefined && !mayLink) throw imageProblems.linksNotIncluded();
      const rendered = await renderer.render(path, {
        account: account.id,
        heights: rights.thumbnail_heights,
        isAwaited,
      });
      await appendFile(path, Buffer.concat(rendered.thumbnails.map(({ content }) => content)));
      const rows = newImage(account, upload, rendered, rights);
      const quota = rights.quota_bytes;
      return withRights(await storeUpload(deps, rows, { file: path, quota, claim }), rights);
    } finally {
      await rm(path, { force: true });
    }
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

function withRights({ result, replayed }: Once<UploadRecord>, rights: TierRights) {
  return { result: { ...fromRecord(result), rights }, replayed };
}
