import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { send } from '../helpers/accounts.ts';
import { needing } from '../helpers/needs.ts';
import { canMount, smallDiskForTest } from '../helpers/small-disk.ts';
import { backUp, folderForTest, siteWithImages, startCommand, untilWritten } from './site.ts';

describe('a backup', { timeout: 120_000 }, () => {
  it('is one at a time, and one that was killed leaves no file and holds nothing up for long', async () => {
    const { site, token } = await siteWithImages();
    const folder = await folderForTest();
    const file = join(folder, 'backup.tar');
    const { child, done } = startCommand('scripts/backup', [file], site.environment);
    await untilWritten(`${file}.partial`);
    child.kill('SIGKILL');
    expect((await done).code).toBeNull();
    expect(existsSync(file)).toBe(false);
    expect(await backUp(site, file)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^tally: another backup is running[^\n]*\n$/),
    });
    await site.db
      .updateTable('leases')
      .set({ expires_at: 0 })
      .where('name', '=', 'storage-hold')
      .execute();
    expect(await backUp(site, file)).toMatchObject({ code: 0 });
    expect(await readdir(folder)).toEqual(['backup.tar']);
    expect((await send(site, 'GET', '/images', { token })).status).toBe(200);
  });

  it('removes what it has begun when a signal interrupts it', async () => {
    const { site } = await siteWithImages();
    const folder = await folderForTest();
    const file = join(folder, 'backup.tar');
    const { child, done } = startCommand('scripts/backup', [file], site.environment);
    await untilWritten(`${file}.partial`);
    child.kill('SIGTERM');
    expect(await done).toEqual({ code: 143, stderr: 'tally: interrupted\n' });
    expect(await readdir(folder)).toEqual([]);
    expect(await readdir(join(site.environment.DATA_DIR, 'files/scratch'))).toHaveLength(1);
    expect(await backUp(site, file)).toMatchObject({ code: 0 });
  });

  it.skipIf(!canMount)(
    needing('leaves no file on a disk that is full', canMount ? undefined : 'root'),
    async () => {
      const { site } = await siteWithImages();
      const disk = smallDiskForTest(4);
      const full = await backUp(site, join(disk.folder, 'backup.tar'));
      expect(full).toMatchObject({ code: 1, stdout: '' });
      expect(full.stderr).toMatch(/^tally: [^\n]*backup\.tar: ENOSPC[^\n]*\n$/);
      expect(await readdir(disk.folder)).toEqual([]);
    },
  );
});
