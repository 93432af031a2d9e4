import type { Readable } from 'node:stream';
import type { SignedInAccount } from '../../../http/secured.ts';
import type { ByteRange } from '../../../storage/storage.ts';
import type { Access, TierRights } from '../access.ts';
import { imageProblems } from '../problems.ts';
import { sizesOf } from '../sizes.ts';
import type { ImageFormat, ImageLinkRow } from '../tables.ts';
import { explainMissing, type MakeThumbnail } from './late-thumbnails.ts';
import type { FileRepository } from './repository.ts';
import type { StoredFile } from './spool.ts';
import type { StoredFiles } from './stored-files.ts';

export interface FileServiceDeps {
  files: FileRepository;
  access: Access;
  stored: StoredFiles;
  makeThumbnail: MakeThumbnail;
}

export interface ReadableFile extends StoredFile {
  image_id: string;
  format: ImageFormat;
}

export type FileService = ReturnType<typeof createFileService>;

/** Reads the files of images, as far as the tier of an image's owner includes them now. */
export function createFileService({ files, access, stored, makeThumbnail }: FileServiceDeps) {
  /** Finds a size of an image, and makes it if the tier got it after the upload. */
  async function find(
    id: string,
    size: string,
    rightsOf: (ownerId: string) => Promise<TierRights | undefined>,
  ): Promise<ReadableFile> {
    const found = await files.findReadable(id, size);
    const rights = found && (await rightsOf(found.account_id));
    if (!rights) throw imageProblems.imageNotFound();
    if (!sizesOf(rights).includes(size)) throw imageProblems.sizeNotFound();
    const { format, object_key } = found;
    const file = object_key === null ? await makeThumbnail(found, size) : (found as StoredFile);
    return { ...file, image_id: id, format };
  }

  return {
    /** @throws {Problem} `image_not_found`, `size_not_found`, those of the renderer, `storage_unavailable` */
    findForAccount: (account: SignedInAccount, id: string, size: string) =>
      find(id, size, (ownerId) => access.ofAccount(account, ownerId)),

    /** Finds a file for whoever has its signed address. @throws {Problem} as `findForAccount` */
    findForUrl: (id: string, size: string) => find(id, size, access.ofUrl),

    /** @throws {Problem} as `findForAccount` */
    findForLink: (link: ImageLinkRow) =>
      find(link.image_id, link.size, (ownerId) => access.ofLink(link, ownerId)),

    /** Opens a file, or a range of its bytes. @throws {Problem} `image_not_found`, `storage_unavailable` */
    open: (file: ReadableFile, range?: ByteRange): Promise<Readable | Buffer> =>
      stored.open(file, range).catch(explainMissing(files, file.image_id)),
  };
}
