import { describe, expect, it, onTestFinished } from 'vitest';
import { CHEAP_HASHES, expectJson, send, serverOn } from '../../helpers/accounts.ts';
import { describeOnEachDatabase, sqlite } from '../../helpers/databases.ts';
import {
  download,
  fixture,
  type ImageView,
  type TestUser,
  upload,
  uploaded,
  urlOf,
  userWith,
} from '../../helpers/images.ts';
import { openConnection } from '../../helpers/raw-http.ts';
import { serverForTest } from '../../helpers/server.ts';
import { folderUrl, hasS3, s3Url } from '../../helpers/storages.ts';

const jpeg = fixture('baseline.jpg');

const codeOf = async (answer: Promise<Response>) => {
  const response = await answer;
  return [response.status, ((await response.json()) as { code: string }).code];
};

describeOnEachDatabase('the addresses of images', (kind) => {
  const server = serverOn(kind);
  const make = async (tier = 'enterprise') => {
    const owner = await userWith(server.current, { tier });
    return { owner, image: await uploaded(server.current, owner, jpeg) };
  };
  const administrator = () => userWith(server.current, { role: 'admin' });
  const patch = async ({ id }: TestUser, body: object) =>
    expectJson(
      send(server.current, 'PATCH', `/accounts/${id}`, { ...(await administrator()), body }),
    );

  it('show every size to a page that has no token', async () => {
    const { owner, image } = await make();
    expect(image.images.length).toBe(3);
    for (const { size, url } of image.images) {
      const response = await fetch(url, { redirect: 'error' });
      expect(response.status).toBe(200);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'image/jpeg',
        'cache-control': 'private, max-age=300, must-revalidate',
        'cross-origin-resource-policy': 'cross-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
      });
      const own = await download(server.current, owner, image.id, size);
      expect(Buffer.from(await response.arrayBuffer()).equals(own)).toBe(true);
    }
  });

  it('are the same in uploads, lists and single images', async () => {
    const { owner, image } = await make();
    const view = await expectJson<ImageView>(
      send(server.current, 'GET', `/images/${image.id}`, owner),
    );
    expect(view).toEqual(image);
    const page = send(server.current, 'GET', '/images', owner);
    expect((await expectJson<{ results: ImageView[] }>(page)).results).toEqual([image]);
  });

  it('know HEAD, ETags and ranges', async () => {
    const { image } = await make();
    const url = urlOf(image, 'original');
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, `${jpeg.length}`]);
    const known = { 'if-none-match': head.headers.get('etag')! };
    const unchanged = await fetch(url, { headers: known, cache: 'no-store' });
    expect([unchanged.status, unchanged.headers.get('cache-control')]).toEqual([
      304,
      'private, max-age=300, must-revalidate',
    ]);
    expect(unchanged.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    const part = await fetch(url, { headers: { range: 'bytes=5-9' } });
    expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([
      206,
      jpeg.subarray(5, 10),
    ]);
  });

  it('end with the image', async () => {
    const { owner, image } = await make();
    const url = urlOf(image, '200px');
    expect((await fetch(url)).status).toBe(200);
    await send(server.current, 'DELETE', `/images/${image.id}`, owner);
    expect(await codeOf(fetch(url))).toEqual([404, 'image_not_found']);
  });

  it('end while the tier of the owner lacks the size', async () => {
    const { owner, image } = await make();
    const url = urlOf(image, 'original');
    await patch(owner, { tier: 'basic' });
    expect(await codeOf(fetch(url))).toEqual([404, 'size_not_found']);
    expect((await fetch(urlOf(image, '200px'))).status).toBe(200);
    await patch(owner, { tier: 'premium' });
    expect((await fetch(url)).status).toBe(200);
  });

  it('end while the account of the owner is disabled, also those that administrators got', async () => {
    const { owner, image } = await make();
    const admin = await administrator();
    const path = `/images/${image.id}`;
    const seen = await expectJson<ImageView>(send(server.current, 'GET', path, admin));
    await patch(owner, { disabled: true });
    for (const url of [urlOf(image, '200px'), urlOf(seen, '200px')]) {
      expect(await codeOf(fetch(url))).toEqual([404, 'image_not_found']);
      const headers = { authorization: `Bearer ${admin.token}` };
      expect((await fetch(url, { headers })).status).toBe(200);
    }
    await patch(owner, { disabled: false });
    expect((await fetch(urlOf(image, '200px'))).status).toBe(200);
  });

  it('end when the account of the owner is deleted', async () => {
    const { owner, image } = await make();
    const body = { password: 'correct horse battery' };
    await expectJson(send(server.current, 'DELETE', '/accounts/me', { ...owner, body }), 204);
    expect(await codeOf(fetch(urlOf(image, '200px')))).toEqual([404, 'image_not_found']);
  });

  it('lead to thumbnails that are made when they are first read', async () => {
    const { owner, image } = await make('basic');
    await patch(owner, { tier: 'premium' });
    const path = `/images/${image.id}`;
    const view = await expectJson<ImageView>(send(server.current, 'GET', path, owner));
    expect(view.images[1]).toMatchObject({ size: '400px', bytes: null });
    const answers = await Promise.all(Array.from({ length: 4 }, () => fetch(view.images[1]!.url)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });
});

describe.each([
  ['a folder', true, folderUrl],
  ['S3 (needs S3 at TEST_S3_URL)', hasS3, s3Url],
])('the addresses of images in %s', (_, isThere, storageUrl) => {
  it.skipIf(!isThere)('show small and large files, whole and in part', async () => {
    const server = await serverForTest({ ...CHEAP_HASHES, STORAGE_URL: await storageUrl() });
    const owner = await userWith(server, { tier: 'premium' });
    const large = fixture('baseline.jpg');
    const padded = Buffer.concat([large, Buffer.alloc(300_000)]);
    for (const content of [large, padded]) {
      const url = urlOf(await uploaded(server, owner, content), 'original');
      expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(content)).toBe(true);
      const part = await fetch(url, { headers: { range: 'bytes=-7' } });
      expect(Buffer.from(await part.arrayBuffer()).equals(content.subarray(-7))).toBe(true);
    }
  });
});

describe('the addresses of images behind a proxy', () => {
  it('begin with PUBLIC_URL, and are valid whatever host and path a proxy takes away', async () => {
    const server = await serverForTest({
      ...CHEAP_HASHES,
      PUBLIC_URL: 'https://pictures.example:8443',
    });
    const { id, images } = await uploaded(server, await userWith(server), jpeg);
    const { origin, pathname, search } = new URL(images[0]!.url);
    expect([origin, pathname]).toEqual(['https://pictures.example:8443', `/images/${id}/200px`]);
    expect((await fetch(server.url + pathname + search)).status).toBe(200);
  });
});

describe('readers of signed addresses', () => {
  it('have so many downloads in flight per network, and no attempts beyond', async () => {
    const server = await serverForTest({ ...CHEAP_HASHES, DOWNLOADS_PER_CLIENT: '2' });
    const owner = await userWith(server, { tier: 'premium' });
    // More than the buffers of a connection hold. What follows the image belongs to the file.
    const large = Buffer.concat([jpeg, Buffer.alloc(9_000_000)]);
    const url = urlOf(await uploaded(server, owner, large), 'original');
    const { pathname, search } = new URL(url);
    const sockets = await Promise.all([openConnection(url), openConnection(url)]);
    for (const socket of sockets) {
      onTestFinished(() => void socket.destroy());
      socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      await new Promise((resolve) => socket.once('data', resolve));
      socket.pause();
    }
    for (const guess of [url, `${url.slice(0, -4)}AAAA`]) {
      expect(await codeOf(fetch(guess))).toEqual([429, 'too_many_in_flight']);
    }
    const own = await send(server, 'HEAD', pathname, owner);
    expect(own.status).toBe(200);
    for (const socket of sockets) socket.destroy();
    await expect.poll(async () => (await fetch(url, { method: 'HEAD' })).status).toBe(200);
  });
});

describe('the link of an upload', () => {
  const server = serverOn(sqlite);

  it('says which size it opens, which is a thumbnail where the tier has no originals', async () => {
    const admin = await userWith(server.current, { role: 'admin' });
    const body = { name: 'sharing', thumbnail_heights: [100, 50], expiring_links: true };
    await expectJson(send(server.current, 'POST', '/tiers', { ...admin, body }), 201);
    for (const [tier, size] of [
      ['sharing', '100px'],
      ['enterprise', 'original'],
    ] as const) {
      const owner = await userWith(server.current, { tier });
      const form = { image: jpeg, fields: { expiring_time_seconds: '300' } };
      const answer = upload(server.current, owner.token, form);
      const { id, link } = await expectJson<ImageView>(answer, 201);
      expect(link!.size).toBe(size);
      const expected = await download(server.current, owner, id, size);
      const bytes = Buffer.from(await (await fetch(link!.url)).arrayBuffer());
      expect(bytes.equals(expected)).toBe(true);
    }
  });
});
