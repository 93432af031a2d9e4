import type { Kysely, Transaction } from 'kysely';
import { countOf } from '../../../database/count.ts';
import type { Database } from '../../../database/database.ts';
import type {
  ImageFileRow,
  ImageFormat,
  ImageLinkRow,
  ImageRow,
  ImageTables,
} from '../../../database/tables/images.ts';
import { imageProblems } from '../problems.ts';

/** An image, with the tier that its owner has now. */
export type OwnedImageRow = ImageRow & { tier: string };

/** What it takes to decide whether a size may be read, and to read it. */
export interface ReadableRow {
  id: string;
  account_id: string;
  format: ImageFormat;
  tier: string;
  /** Null where the tier is gone. */
  thumbnail_heights: string | null;
  original: number | null;
  expiring_links: number | null;
  /** Null where the size has not been made, as the columns that follow. */
  object_key: string | null;
  object_offset: number;
  bytes: number;
  sha256: Buffer;
}

export interface NewImage {
  image: ImageRow;
  files: ImageFileRow[];
  link: ImageLinkRow | undefined;
}

export type ImageRepository = ReturnType<typeof createImageRepository>;

/** Images of accounts that have been deleted are not there any more. */
export function createImageRepository({ db, kind, transaction }: Database<ImageTables>) {
  const readable = compileReadable(db);
  /** Keeps an image as it is until the end of the transaction; false where it is gone. */
  async function lock(trx: Kysely<ImageTables>, id: string): Promise<boolean> {
    const image = trx.selectFrom('images').select('id').where('id', '=', id);
    // A transaction of SQLite locks everything from its start.
    return (await (kind === 'sqlite' ? image : image.forUpdate()).execute()).length > 0;
  }

  const owned = () =>
    db
      .selectFrom('images')
      .innerJoin('accounts', 'accounts.id', 'images.account_id')
      .where('accounts.deleted_at', 'is', null);

  return {
    usedBytes: (accountId: string) => usedBytes(db, accountId),

    /**
     * Inserts an image in a transaction; uploads of one account wait for each other here.
     *
     * @throws {Problem} `quota_exceeded`
     */
    async insert(
      trx: Transaction<ImageTables>,
      { image, files, link }: NewImage,
      quota: number,
    ): Promise<void> {
      const account = trx.selectFrom('accounts').select('id').where('id', '=', image.account_id);
      await (kind === 'sqlite' ? account : account.forUpdate()).execute();
      if ((await usedBytes(trx, image.account_id)) + image.bytes > quota) {
        throw imageProblems.quotaExceeded();
      }
      await trx.insertInto('images').values(image).execute();
      await trx.insertInto('image_files').values(files).execute();
      if (link) await trx.insertInto('image_links').values(link).execute();
    },

    async find(id: string): Promise<OwnedImageRow | undefined> {
      return owned()
        .where('images.id', '=', id)
        .selectAll('images')
        .select('accounts.tier')
        .executeTakeFirst();
    },

    /** One indexed read, compiled once: every picture that is shown waits for it. */
    async findReadable(id: string, size: string): Promise<ReadableRow | undefined> {
      const values: Record<string, string> = { [ID]: id, [SIZE]: size };
      const parameters = readable.parameters.map((name) => values[name as string]);
      const { rows } = await db.executeQuery<ReadableRow>({ ...readable, parameters });
      return rows[0];
    },

    async list(accountId: string, { offset, limit }: { offset: number; limit: number }) {
      const own = db.selectFrom('images').where('account_id', '=', accountId);
      const count = await countOf(own);
      const rows = await own
        .selectAll()
        .orderBy('id', 'desc')
        .limit(limit)
        .offset(offset)
        .execute();
      return { count, rows };
    },

    async filesOf(imageIds: string[]): Promise<ImageFileRow[]> {
      if (imageIds.length === 0) return [];
      return db.selectFrom('image_files').selectAll().where('image_id', 'in', imageIds).execute();
    },

    findFile: (imageId: string, size: string) => findFile(db, imageId, size),

    /**
     * Adds a size that was made later. Where another process was faster, its row stays.
     *
     * @returns the row that is there now
     * @throws {Problem} `image_not_found`; the image cannot be deleted until this has ended
     */
    async addFile(file: ImageFileRow): Promise<ImageFileRow> {
      return transaction(async (trx) => {
        if (!(await lock(trx, file.image_id))) throw imageProblems.imageNotFound();
        const other = await findFile(trx, file.image_id, file.size);
        if (!other) await trx.insertInto('image_files').values(file).execute();
        return other ?? file;
      });
    },

    /** Tells whether an object belongs to an image, as the database says now. */
    async refersTo(objectKey: string): Promise<boolean> {
      const files = db.selectFrom('image_files').select('size');
      const found = await files.where('object_key', '=', objectKey).limit(1).execute();
      return found.length > 0;
    },

    /** Removes an image with all that belongs to it, and notes its objects for removal. */
    async remove(id: string): Promise<void> {
      await transaction(async (trx) => {
        // No size may be added between looking for the keys and removing their rows.
        if (!(await lock(trx, id))) return;
        const files = await trx
          .selectFrom('image_files')
          .select('object_key')
          .distinct()
          .where('image_id', '=', id)
          .execute();
        await trx.deleteFrom('images').where('id', '=', id).execute();
        const removed = files.map((file) => ({ ...file, removed_at: Date.now() }));
        if (removed.length > 0) await trx.insertInto('removed_objects').values(removed).execute();
      });
    },
  };
}

/** Stand for the parameters in the query below. */
const [ID, SIZE] = ['id', 'size'] as const;

function compileReadable(db: Kysely<ImageTables>) {
  return db
    .selectFrom('images')
    .innerJoin('accounts', 'accounts.id', 'images.account_id')
    .leftJoin('tiers', 'tiers.name', 'accounts.tier')
    .leftJoin('image_files', (join) =>
      join.onRef('image_files.image_id', '=', 'images.id').on('image_files.size', '=', SIZE),
    )
    .where('images.id', '=', ID)
    .where('accounts.deleted_at', 'is', null)
    .select([
      'images.id',
      'images.account_id',
      'images.format',
      'accounts.tier',
      'tiers.thumbnail_heights',
      'tiers.original',
      'tiers.expiring_links',
      'image_files.object_key',
      'image_files.object_offset',
      'image_files.bytes',
      'image_files.sha256',
    ])
    .compile();
}

async function findFile(
  db: Kysely<ImageTables>,
  imageId: string,
  size: string,
): Promise<ImageFileRow | undefined> {
  return db
    .selectFrom('image_files')
    .selectAll()
    .where('image_id', '=', imageId)
    .where('size', '=', size)
    .executeTakeFirst();
}

async function usedBytes(db: Kysely<ImageTables>, accountId: string): Promise<number> {
  const { total } = await db
    .selectFrom('images')
    .select((eb) => eb.fn.sum<number | string | null>('bytes').as('total'))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();
  return Number(total ?? 0);
}
