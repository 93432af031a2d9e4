import { beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../../src/database/database.ts';
import type { AccountTables } from '../../../src/features/accounts/tables.ts';
import { expectJson, send, serverOn } from '../../helpers/accounts.ts';
import { describeOnEachDatabase, sqlite } from '../../helpers/databases.ts';
import {
  download,
  fixture,
  type ImageView,
  sizesIn,
  storedFiles,
  type TestUser,
  upload,
  uploaded,
  userWith,
} from '../../helpers/images.ts';

const jpeg = fixture('baseline.jpg');

describe('a size of an image', () => {
  const server = serverOn(sqlite);
  let owner: TestUser;
  let image: ImageView;
  beforeAll(async () => {
    owner = await userWith(server.current, { tier: 'premium' });
    image = await uploaded(server.current, owner, jpeg);
  });
  const get = (headers: Record<string, string> = {}, method = 'GET', size = 'original') =>
    send(server.current, method, `/images/${image.id}/${size}`, { token: owner.token, headers });
  const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

  it('comes with what keeps it safe and private', async () => {
    const response = await get();
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': String(jpeg.length),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-cache',
      'referrer-policy': 'no-referrer',
      'accept-ranges': 'bytes',
      etag: expect.stringMatching(/^"[\w-]{43}"$/),
    });
    expect((await bytesOf(response)).equals(jpeg)).toBe(true);
  });

  it('answers HEAD as GET, without the bytes', async () => {
    for (const size of ['original', '200px']) {
      const whole = await get({}, 'GET', size);
      await whole.arrayBuffer();
      const head = await get({}, 'HEAD', size);
      expect(head.status).toBe(200);
      for (const name of ['content-length', 'content-type', 'etag', 'cache-control']) {
        expect(head.headers.get(name)).toBe(whole.headers.get(name));
      }
      expect((await bytesOf(head)).length).toBe(0);
    }
  });

  it('has an ETag of its own, and is not sent to who has it', async () => {
    const etag = (await get()).headers.get('etag')!;
    expect((await get({}, 'GET', '200px')).headers.get('etag')).not.toBe(etag);
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const response = await get({ 'if-none-match': known });
      expect(response.status).toBe(304);
      expect(response.headers.get('etag')).toBe(etag);
      expect((await bytesOf(response)).length).toBe(0);
    }
    expect((await get({ 'if-none-match': '"x"' })).status).toBe(200);
  });

  it.each([
    ['bytes=0-0', 0, 0],
    ['bytes=10-19', 10, 19],
    ['bytes=-5', jpeg.length - 5, jpeg.length - 1],
    ['bytes=100-', 100, jpeg.length - 1],
    ['bytes=0-99999999', 0, jpeg.length - 1],
    [`bytes=-${jpeg.length + 5}`, 0, jpeg.length - 1],
  ])('gives the part that %s asks for', async (range, start, end) => {
    const response = await get({ range });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end}/${jpeg.length}`);
    expect(response.headers.get('content-length')).toBe(String(end - start + 1));
    expect((await bytesOf(response)).equals(jpeg.subarray(start, end + 1))).toBe(true);
  });

  it('gives no byte of its neighbours in a part of a thumbnail', async () => {
    const whole = await download(server.current, owner, image.id, '200px');
    const tail = await get({ range: 'bytes=-3' }, 'GET', '200px');
    expect((await bytesOf(tail)).equals(whole.subarray(-3))).toBe(true);
    const beyond = await get({ range: `bytes=${whole.length}-` }, 'GET', '200px');
    expect(beyond.status).toBe(416);
  });

  it.each([`bytes=${jpeg.length}-`, 'bytes=-0', 'bytes=99999999-'])(
    'has nothing for %s',
    async (range) => {
      const response = await get({ range });
      expect(response.status).toBe(416);
      expect(response.headers.get('content-range')).toBe(`bytes */${jpeg.length}`);
      expect(await response.json()).toMatchObject({ code: 'range_not_satisfiable' });
    },
  );

  it.each(['bytes=5-2', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-', 'bytes=a-b'])(
    'is whole for %s',
    async (range) => {
      expect((await get({ range })).status).toBe(200);
    },
  );

  it('is whole where If-Range names another', async () => {
    const etag = (await get()).headers.get('etag')!;
    expect((await get({ range: 'bytes=0-1', 'if-range': etag })).status).toBe(206);
    expect((await get({ range: 'bytes=0-1', 'if-range': '"x"' })).status).toBe(200);
  });

  it.each(['800px', 'ORIGINAL', '0200px', '../original', '200', 'links%2f'])(
    'is not found where it is %s',
    async (size) => {
      const response = await get({}, 'GET', encodeURIComponent(size));
      expect(response.status).toBe(404);
    },
  );
});

describeOnEachDatabase('images', (kind) => {
  const server = serverOn(kind);
  const setTier = async (user: TestUser, tier: string) => {
    const admin = await userWith(server.current, { role: 'admin' });
    const path = `/accounts/${user.id}`;
    await expectJson(send(server.current, 'PATCH', path, { token: admin.token, body: { tier } }));
  };

  it('are listed to their owner, the newest first, in pages', async () => {
    const owner = await userWith(server.current);
    await uploaded(server.current, await userWith(server.current), jpeg);
    const made: string[] = [];
    for (let i = 0; i < 3; i++) made.unshift((await uploaded(server.current, owner, jpeg)).id);
    type Page = { count: number; next: string | null; results: ImageView[] };
    const first = await expectJson<Page>(send(server.current, 'GET', '/images?limit=2', owner));
    expect(first.count).toBe(3);
    const headers = { authorization: `Bearer ${owner.token}` };
    const second = await expectJson<Page>(fetch(first.next!, { headers }));
    expect(second.next).toBeNull();
    const listed = [...first.results, ...second.results];
    expect(listed.map(({ id }) => id)).toEqual(made);
    const one = send(server.current, 'GET', `/images/${made[0]}`, owner);
    expect(await expectJson(one)).toEqual(listed[0]);
  });

  it('have the sizes that the tier has now', async () => {
    const owner = await userWith(server.current);
    const { id, images } = await uploaded(server.current, owner, jpeg);
    expect(images.map(({ size }) => size)).toEqual(['200px']);
    const read = (size: string) => send(server.current, 'GET', `/images/${id}/${size}`, owner);
    expect((await read('original')).status).toBe(404);

    await setTier(owner, 'premium');
    const view = () => expectJson<ImageView>(send(server.current, 'GET', `/images/${id}`, owner));
    const before = await view();
    expect(sizesIn(before)).toEqual(['200px', '400px', 'original']);
    expect(before.images[1]).toMatchObject({ width: 300, height: 200, bytes: null });
    expect((await download(server.current, owner, id, 'original')).equals(jpeg)).toBe(true);
    // Many read at once what is not there yet.
    const all = await Promise.all(
      Array.from({ length: 8 }, () => download(server.current, owner, id, '400px')),
    );
    for (const one of all) expect(one.equals(all[0]!)).toBe(true);
    expect((await view()).images[1]?.bytes).toBe(all[0]!.length);

    await setTier(owner, 'basic');
    expect((await read('400px')).status).toBe(404);
    expect(sizesIn(await view())).toEqual(['200px']);
  });

  it('are gone with all their files once they are deleted', async () => {
    const owner = await userWith(server.current, { tier: 'enterprise' });
    const before = storedFiles(server.current).length;
    const fields = { expiring_time_seconds: '300' };
    const { id, link } = await uploaded(server.current, owner, jpeg, fields);
    expect(storedFiles(server.current).length).toBe(before + 1);
    const remove = () => send(server.current, 'DELETE', `/images/${id}`, owner);
    expect((await remove()).status).toBe(204);
    await expect.poll(() => storedFiles(server.current).length).toBe(before);
    for (const path of [`/images/${id}`, `/images/${id}/200px`, `/images/${id}/links`]) {
      expect((await send(server.current, 'GET', path, owner)).status).toBe(404);
    }
    expect((await remove()).status).toBe(404);
    expect((await fetch(link!.url)).status).toBe(404);
  });

  it('may not take more room together than the quota, however many come at once', async () => {
    const admin = await userWith(server.current, { role: 'admin' });
    const heights = { thumbnail_heights: [16] };
    await expectJson(
      send(server.current, 'POST', '/tiers', { ...admin, body: { name: 'measure', ...heights } }),
      201,
    );
    const measured = await userWith(server.current, { tier: 'measure' });
    const [thumbnail] = (await uploaded(server.current, measured, jpeg)).images;
    const body = { name: 'tiny', ...heights, quota_bytes: 3 * (jpeg.length + thumbnail!.bytes!) };
    await expectJson(send(server.current, 'POST', '/tiers', { token: admin.token, body }), 201);
    const owner = await userWith(server.current, { tier: 'tiny' });
    const before = storedFiles(server.current).length;
    const attempts = await Promise.all(
      Array.from({ length: 8 }, () => upload(server.current, owner.token, { image: jpeg })),
    );
    const statuses = attempts.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([201, 201, 201, 403, 403, 403, 403, 403]);
    const refusal = attempts.find(({ status }) => status === 403)!;
    expect(await refusal.json()).toMatchObject({ code: 'quota_exceeded' });
    expect(storedFiles(server.current).length).toBe(before + 3);
  });

  it('of a deleted account are not there any more', async () => {
    const owner = await userWith(server.current, { tier: 'enterprise' });
    const fields = { expiring_time_seconds: '300' };
    const { id, link } = await uploaded(server.current, owner, jpeg, fields);
    const config = server.current.config.database;
    const { db, close }: Database<AccountTables> = openDatabase(config);
    await db
      .updateTable('accounts')
      .set({ deleted_at: Date.now() })
      .where('id', '=', owner.id)
      .execute();
    await close();
    const admin = await userWith(server.current, { role: 'admin' });
    expect((await send(server.current, 'GET', `/images/${id}`, admin)).status).toBe(404);
    expect((await fetch(link!.url)).status).toBe(404);
  });
});
