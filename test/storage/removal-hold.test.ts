import { expect, it } from 'vitest';
import type { LeaseTables } from '../../src/database/lease.ts';
import { newObjectKey } from '../../src/features/images/files/objects.ts';
import { createFileRepository } from '../../src/features/images/files/repository.ts';
import { removeOrphans } from '../../src/features/images/sweep/garbage.ts';
import { createSweepRepository } from '../../src/features/images/sweep/repository.ts';
import type { ImageTables } from '../../src/features/images/tables.ts';
import { areRemovalsHeld, holdRemovals } from '../../src/storage/removal-hold.ts';
import { serverOn } from '../helpers/accounts.ts';
import { describeOnEachDatabase } from '../helpers/databases.ts';

describeOnEachDatabase('a hold of removals', (kind) => {
  const server = serverOn(kind);
  const leases = () => server.current.app.database.as<LeaseTables>();

  it('is held by one process, until it is released', async () => {
    expect(await areRemovalsHeld(leases())).toBe(false);
    const hold = await holdRemovals(leases());
    expect(await areRemovalsHeld(leases())).toBe(true);
    await expect(holdRemovals(leases())).rejects.toThrow('another backup is running');
    hold.confirm();
    await hold.release();
    expect(await areRemovalsHeld(leases())).toBe(false);
  });

  it('keeps objects without a row, which may be in the copy of a backup', async () => {
    const { storage, database } = server.current.app;
    const tables = database.as<ImageTables>();
    const deps = {
      files: createFileRepository(tables),
      rows: createSweepRepository(tables),
      storage,
    };
    const key = newObjectKey();
    await storage.put(key, Buffer.from('x'));
    const hold = await holdRemovals(leases());
    expect(await removeOrphans(deps, [key])).toBe(0);
    await hold.release();
    expect(await removeOrphans(deps, [key])).toBe(1);
  });
});
