import { describe, expect, it } from 'vitest';
import { CHEAP_HASHES, send } from '../../helpers/accounts.ts';
import { download, fixture, uploaded, userWith } from '../../helpers/images.ts';
import { serverForTest } from '../../helpers/server.ts';
import { hasS3, s3Url, storageForTest } from '../../helpers/storages.ts';

describe.skipIf(!hasS3)('images in S3 (needs S3 at TEST_S3_URL)', () => {
  it('are uploaded, read in whole and in part, made later, and deleted', async () => {
    const url = await s3Url();
    const storage = await storageForTest(url);
    const server = await serverForTest({ ...CHEAP_HASHES, STORAGE_URL: url });
    const owner = await userWith(server, { tier: 'enterprise' });
    const jpeg = fixture('baseline.jpg');
    const fields = { expiring_time_seconds: '300' };
    const { id, link, images } = await uploaded(server, owner, jpeg, fields);
    expect((await download(server, owner, id, 'original')).equals(jpeg)).toBe(true);
    const thumbnail = await download(server, owner, id, '400px');
    expect(thumbnail.length).toBe(images[1]?.bytes);
    const headers = { range: 'bytes=5-9' };
    const part = await send(server, 'GET', `/images/${id}/original`, { ...owner, headers });
    expect(Buffer.from(await part.arrayBuffer()).equals(jpeg.subarray(5, 10))).toBe(true);
    expect(Buffer.from(await (await fetch(link!.url)).arrayBuffer()).equals(jpeg)).toBe(true);

    const admin = await userWith(server, { role: 'admin' });
    const body = { thumbnail_heights: [50, 200, 400] };
    await send(server, 'PATCH', '/tiers/enterprise', { ...admin, body });
    expect((await download(server, owner, id, '50px')).length).toBeGreaterThan(100);
    const keys = async () => {
      let count = 0;
      for await (const { key } of storage.list('images/')) if (key) count++;
      return count;
    };
    expect(await keys()).toBe(2);
    expect((await send(server, 'DELETE', `/images/${id}`, owner)).status).toBe(204);
    await expect.poll(keys).toBe(0);
  });

  it('are unavailable while it does not answer, and the server does not start without it', async () => {
    const url = new URL(await s3Url());
    url.searchParams.set('endpoint', 'http://127.0.0.1:1');
    await expect(serverForTest({ STORAGE_URL: url.href })).rejects.toThrow(/storage/);
  });
});
