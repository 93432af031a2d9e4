import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { migrations } from '../../src/migrations.ts';
import { checkOwner, claimStorage } from '../../src/storage/installation.ts';
import type { Storage } from '../../src/storage/storage.ts';
import type { StorageTables } from '../../src/storage/tables.ts';
import {
  databaseForTest,
  describeOnEachDatabase,
  migratedDatabaseForTest,
  sqlite,
} from '../helpers/databases.ts';
import { folderUrl, hasS3, s3Url, storageForTest } from '../helpers/storages.ts';

type Kind = Parameters<typeof databaseForTest>[0];

async function migrated(kind: Kind = sqlite) {
  const config = await migratedDatabaseForTest(kind);
  return { config, open: () => openDatabase<StorageTables>(config) };
}

/** Opens a database once more, as another process does, and claims the storage. */
async function claim(database: Awaited<ReturnType<typeof migrated>>, storage: Storage) {
  const connection = database.open();
  try {
    await claimStorage(connection, storage);
  } finally {
    await connection.close();
  }
}

describeOnEachDatabase('the id of an installation', (kind) => {
  it('is made once, however many processes start at once', async () => {
    const config = await databaseForTest(kind);
    const url = await folderUrl();
    const starts = Array.from({ length: 6 }, async () => {
      await migrate(config, migrations);
      await claim({ config, open: () => openDatabase(config) }, await storageForTest(url));
    });
    await Promise.all(starts);
    const { db, close } = openDatabase<StorageTables>(config);
    expect(await db.selectFrom('installation').selectAll().execute()).toHaveLength(1);
    await close();
  });
});

for (const { name, url, present } of [
  { name: 'a folder', url: folderUrl, present: true },
  { name: 'S3 (needs S3 at TEST_S3_URL)', url: s3Url, present: hasS3 },
]) {
  describe.skipIf(!present)(`a storage in ${name}`, () => {
    it('is of the database that used it first, and of no other', async () => {
      const storage = await storageForTest(await url());
      const [first, second] = [await migrated(), await migrated()];
      await claim(first, storage);
      await claim(first, storage);
      await expect(claim(second, storage)).rejects.toThrow(
        /^the storage at STORAGE_URL cannot be used: it belongs to another installation .*STORAGE_URL and DATABASE_URL/,
      );
    });

    it('is of one of two databases that claim it at once', async () => {
      const address = await url();
      const databases = await Promise.all(Array.from({ length: 4 }, () => migrated()));
      const claims = await Promise.allSettled(
        databases.map(async (database) => claim(database, await storageForTest(address))),
      );
      expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('is not looked through while it is nobody’s, or says something else', async () => {
      const storage = await storageForTest(await url());
      const connection = (await migrated()).open();
      await expect(checkOwner(connection, storage)).rejects.toThrow('start Tally with it once');
      await storage.put('installation/notes', Buffer.from('x'));
      await expect(checkOwner(connection, storage)).rejects.toThrow('start Tally with it once');
      await storage.put(`installation/${randomUUID()}`, Buffer.from('x'));
      await expect(checkOwner(connection, storage)).rejects.toThrow('another installation');
      await connection.close();
    });
  });
}
