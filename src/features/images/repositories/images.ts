import type { Kysely, Transaction } from 'kysely';
import { countOf } from '../../../database/count.ts';
import type { Database } from '../../../database/database.ts';
import { sessionEnded } from '../../../http/secured.ts';
import { imageProblems } from '../problems.ts';
import type { ImageFileRow, ImageFormat, ImageLinkRow, ImageRow, ImageTables } from '../tables.ts';

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
  /** Keeps an image as it is until the end of the transaction; undefined where it is gone. */
  async function lock(trx: Kysely<ImageTables>, id: string) {
    const image = trx.selectFrom('images').select('account_id').where('id', '=', id);
    // A transaction of SQLite locks everything from its start.
    return (kind === 'sqlite' ? image : image.forUpdate()).executeTakeFirst();
  }

  /** @throws {Problem} `session_ended` where the account was deleted or disabled meanwhile */
  async function lockAccount(trx: Kysely<ImageTables>, id: string): Promise<void> {
    const account = trx
      .selectFrom('accounts')
      .select('id')
      .where('id', '=', id)
      .where('deleted_at', 'is', null)
      .where('disabled_at', 'is', null);
    const found = await (kind === 'sqlite' ? account : account.forUpdate()).execute();
    if (found.length === 0) throw sessionEnded();
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
     * @throws {Problem} `quota_exceeded`, `session_ended`
     */
    async insert(
      trx: Transaction<ImageTables>,
      { image, files, link }: NewImage,
      quota: number,
    ): Promise<void> {
      await lockAccount(trx, image.account_id);
      const used = await usedBytes(trx, image.account_id);
      const added = files.reduce((sum, { bytes }) => sum + bytes, 0);
      if (used + added > quota) throw imageProblems.quotaExceeded();
      await trx.insertInto('images').values(image).execute();
      await trx.insertInto('image_files').values(files).execute();
      if (link) await trx.insertInto('image_links').values(link).execute();
      await changeUsage(trx, image.account_id, added);
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
        const image = await lock(trx, file.image_id);
        if (!image) throw imageProblems.imageNotFound();
        const other = await findFile(trx, file.image_id, file.size);
        if (other) return other;
        await trx.insertInto('image_files').values(file).execute();
        await changeUsage(trx, image.account_id, file.bytes);
        return file;
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
        const image = await lock(trx, id);
        if (!image) return;
        const files = await trx
          .selectFrom('image_files')
          .select(['object_key', 'bytes'])
          .where('image_id', '=', id)
          .execute();
        await trx.deleteFrom('images').where('id', '=', id).execute();
        const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
        await changeUsage(trx, image.account_id, -bytes);
        const keys = new Set(files.map(({ object_key }) => object_key));
        const removed = [...keys].map((object_key) => ({ object_key, removed_at: Date.now() }));
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
  const usage = await db
    .selectFrom('image_usage')
    .select('bytes')
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return usage?.bytes ?? 0;
}

/** Whoever adds the first image of an account has locked the account. */
async function changeUsage(trx: Kysely<ImageTables>, accountId: string, by: number): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('image_usage')
    .set((eb) => ({ bytes: eb('bytes', '+', by) }))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows > 0n) return;
  await trx.insertInto('image_usage').values({ account_id: accountId, bytes: by }).execute();
}
