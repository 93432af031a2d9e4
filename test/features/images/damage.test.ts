import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CHEAP_HASHES, expectJson, send, serverOn } from '../../helpers/accounts.ts';
import { sqlite } from '../../helpers/databases.ts';
import {
  download,
  fixture,
  PHOTOGRAPH,
  storedFiles,
  type TestUser,
  upload,
  uploaded,
  userWith,
} from '../../helpers/images.ts';
import { openConnection, readToEnd } from '../../helpers/raw-http.ts';
import { serverForTest, type TestServer } from '../../helpers/server.ts';
import { hasS3, s3Url } from '../../helpers/storages.ts';
import { flipByte, tamperingProxyForTest } from '../../helpers/tampering-proxy.ts';

const jpeg = fixture('baseline.jpg');
const photograph = readFileSync(PHOTOGRAPH);
const cut = (body: Buffer) => body.subarray(0, body.length >> 1);
const DAMAGES = [
  { name: 'changed', damage: flipByte },
  { name: 'cut short', damage: cut },
];

async function expectUnavailable(answer: Promise<Response>): Promise<void> {
  const response = await answer;
  expect(response.status).toBe(503);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('etag')).toBeNull();
  expect(response.headers.get('retry-after')).toBe('5');
  expect(await response.json()).toMatchObject({ code: 'storage_unavailable' });
}

/** Gives the tier a height that no image has yet, and returns its size. */
async function addHeight(server: TestServer, height: number): Promise<string> {
  const { token } = await userWith(server, { role: 'admin' });
  const body = { thumbnail_heights: [height, 200, 400] };
  await expectJson(send(server, 'PATCH', '/tiers/premium', { token, body }));
  return `${height}px`;
}

async function serverOnS3(environment: Record<string, string> = {}) {
  const proxy = await tamperingProxyForTest(await s3Url());
  const server = await serverForTest({ ...CHEAP_HASHES, ...environment, STORAGE_URL: proxy.url });
  const owner = await userWith(server, { tier: 'premium' });
  const get = (id: string, size: string, headers: Record<string, string> = {}) =>
    send(server, 'GET', `/images/${id}/${size}`, { ...owner, headers });
  return { ...proxy, server, owner, get };
}

describe.skipIf(!hasS3)(
  'bytes that S3 damages (needs S3 at TEST_S3_URL)',
  { timeout: 60_000 },
  () => {
    it('on their way there are not stored', async () => {
      const { server, owner, tampering } = await serverOnS3();
      for (const image of [jpeg, photograph]) {
        tampering.request = (body) => (body.length > 1000 ? flipByte(body) : body);
        await expectUnavailable(upload(server, owner.token, { image }));
        tampering.request = undefined;
        const page = await expectJson<{ count: number }>(send(server, 'GET', '/images', owner));
        expect(page.count).toBe(0);
      }
      const { id } = await uploaded(server, owner, photograph);
      expect((await download(server, owner, id, 'original')).equals(photograph)).toBe(true);
    });

    it.each(DAMAGES)('are neither answered nor kept where they are $name', async ({ damage }) => {
      const { server, owner, get, tampering } = await serverOnS3();
      for (const image of [jpeg, photograph]) {
        const { id } = await uploaded(server, owner, image);
        tampering.answer = (body, { method }) => (method === 'GET' ? damage(body) : body);
        await expectUnavailable(get(id, 'original'));
        await expectUnavailable(get(id, 'original', { range: 'bytes=0-9' }));
        tampering.answer = undefined;
        expect((await download(server, owner, id, 'original')).equals(image)).toBe(true);
        const part = await get(id, 'original', { range: 'bytes=5-9' });
        expect(Buffer.from(await part.arrayBuffer()).equals(image.subarray(5, 10))).toBe(true);
      }
    });

    it.each(DAMAGES)('become no thumbnail where they are $name', async ({ damage }) => {
      const { server, owner, get, tampering } = await serverOnS3();
      const { id } = await uploaded(server, owner, jpeg);
      const size = await addHeight(server, 50);
      let stored = 0;
      tampering.request = (body) => {
        stored += body.length;
        return body;
      };
      tampering.answer = (body, { method }) => (method === 'GET' ? damage(body) : body);
      await expectUnavailable(get(id, size));
      expect(stored).toBe(0);
      tampering.answer = undefined;
      expect((await get(id, size)).status).toBe(200);
      expect(stored).toBeGreaterThan(0);
    });
  },
);

describe('bytes that a folder damages', () => {
  const server = serverOn(sqlite);
  let owner: TestUser;
  beforeAll(async () => {
    owner = await userWith(server.current, { tier: 'premium' });
  });

  async function withObject(image: Buffer) {
    const before = new Set(storedFiles(server.current));
    const { id } = await uploaded(server.current, owner, image);
    const { storage } = server.current.config;
    const [name] = storedFiles(server.current).filter((file) => !before.has(file));
    return { id, path: join((storage as { folder: string }).folder, name!) };
  }

  it.each(DAMAGES)('are not answered where a small file is $name', async ({ damage }) => {
    const { id, path } = await withObject(jpeg);
    const whole = readFileSync(path);
    writeFileSync(path, damage(whole.subarray(0, jpeg.length)));
    await expectUnavailable(send(server.current, 'GET', `/images/${id}/original`, owner));
    writeFileSync(path, whole);
    expect((await download(server.current, owner, id, 'original')).equals(jpeg)).toBe(true);
  });

  it.each([
    { name: 'is cut short', damage: (path: string) => truncateSync(path, photograph.length >> 1) },
    {
      name: 'was changed',
      damage: (path: string) => writeFileSync(path, flipByte(readFileSync(path))),
    },
  ])('end the connection where a large file $name, and nothing follows', async ({ damage }) => {
    const { id, path } = await withObject(photograph);
    damage(path);
    const socket = await openConnection(server.current.url);
    const head = `Host: localhost\r\nAuthorization: Bearer ${owner.token}\r\n\r\n`;
    socket.write(`GET /images/${id}/original HTTP/1.1\r\n${head}`);
    socket.write(`GET /health/live HTTP/1.1\r\n${head}`);
    const answer = await readToEnd(socket.on('error', () => undefined)).catch(() => '');
    expect(answer.match(/HTTP\/1\.1 \d/g) ?? []).toHaveLength(answer === '' ? 0 : 1);
    expect(answer.length).toBeLessThan(photograph.length);
  });

  it('are a 503 where the object is gone', async () => {
    const { id, path } = await withObject(jpeg);
    writeFileSync(`${path}-kept`, '');
    truncateSync(path, 0);
    await expectUnavailable(send(server.current, 'GET', `/images/${id}/200px`, owner));
  });
});
