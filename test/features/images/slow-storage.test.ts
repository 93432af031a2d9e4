import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CHEAP_HASHES, expectJson, send } from '../../helpers/accounts.ts';
import { fixture, upload, uploaded, userWith } from '../../helpers/images.ts';
import { openConnection } from '../../helpers/raw-http.ts';
import { serverForTest } from '../../helpers/server.ts';
import { hasS3, s3Url } from '../../helpers/storages.ts';
import { tamperingProxyForTest } from '../../helpers/tampering-proxy.ts';

const jpeg = fixture('baseline.jpg');
/** More than the buffers of a connection hold. What follows the image belongs to the file. */
const large = Buffer.concat([jpeg, randomBytes(9_000_000)]);

async function serverOnS3(environment: Record<string, string> = {}) {
  const proxy = await tamperingProxyForTest(await s3Url());
  const server = await serverForTest({ ...CHEAP_HASHES, ...environment, STORAGE_URL: proxy.url });
  const owner = await userWith(server, { tier: 'enterprise' });
  return { ...proxy, server, owner };
}

/** Asks for an address and reads nothing of the answer but what says that it has begun. */
async function readSlowly(url: string): Promise<Socket> {
  const socket = await openConnection(url);
  onTestFinished(() => void socket.destroy());
  socket.write(`GET ${new URL(url).pathname} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  await new Promise((resolve) => socket.once('data', resolve));
  socket.pause();
  return socket;
}

describe.skipIf(!hasS3)('readers of S3 (needs S3 at TEST_S3_URL)', { timeout: 60_000 }, () => {
  it('that are slow hold no connection to it, and keep nobody from anything', async () => {
    const limits = { STORAGE_CONNECTIONS: '2', DOWNLOADS_PER_CLIENT: '20' };
    const { server, owner, connections } = await serverOnS3(limits);
    const { id, link } = await uploaded(server, owner, large, {
      expiring_time_seconds: '300',
    });
    const readers = await Promise.all(Array.from({ length: 20 }, () => readSlowly(link!.url)));
    expect(await connections()).toBeLessThanOrEqual(4);

    const refused = await fetch(link!.url);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('cache-control')).toBe('no-store');
    expect(await refused.json()).toMatchObject({ code: 'too_many_in_flight' });

    const uploads = Array.from({ length: 4 }, () => upload(server, owner.token, { image: jpeg }));
    expect((await Promise.all(uploads)).map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    const own = await send(server, 'GET', `/images/${id}/original`, owner);
    expect(Buffer.from(await own.arrayBuffer()).equals(large)).toBe(true);

    for (const reader of readers) reader.destroy();
    await expect.poll(async () => (await fetch(link!.url, { method: 'HEAD' })).status).toBe(200);
  });

  it('share the connections for files that are too large to be copied', async () => {
    const limits = { STORAGE_CONNECTIONS: '4', SPOOL_BYTES: String(16 * 1024 ** 2) };
    const { server, owner } = await serverOnS3(limits);
    const { link } = await uploaded(server, owner, large, { expiring_time_seconds: '300' });
    const whole = await fetch(link!.url);
    expect(Buffer.from(await whole.arrayBuffer()).equals(large)).toBe(true);
    const readers = await Promise.all([readSlowly(link!.url), readSlowly(link!.url)]);
    const refused = await fetch(link!.url);
    expect([refused.status, refused.headers.get('cache-control')]).toEqual([503, 'no-store']);
    expect((await fetch(link!.url, { method: 'HEAD' })).status).toBe(200);
    expect((await upload(server, owner.token, { image: jpeg })).status).toBe(201);
    for (const reader of readers) reader.destroy();
    await expect.poll(async () => (await fetch(link!.url)).status).toBe(200);
  });

  it('have a 503 soon where it hangs, and uploads go on beside late thumbnails', async () => {
    const { server, owner, tampering } = await serverOnS3({
      STORAGE_TIMEOUT: '3',
      IMAGES_DECODERS: '2',
    });
    const images = await Promise.all([jpeg, jpeg].map((image) => uploaded(server, owner, image)));
    const { token } = await userWith(server, { role: 'admin' });
    const body = { thumbnail_heights: [50, 200, 400] };
    await expectJson(send(server, 'PATCH', '/tiers/enterprise', { token, body }));

    tampering.hang = ({ method }) => method === 'GET';
    const began = Date.now();
    let waiting = 2;
    const late = images.map(async ({ id }) => {
      const { status } = await send(server, 'GET', `/images/${id}/50px`, owner);
      waiting--;
      return status;
    });
    expect((await upload(server, owner.token, { image: jpeg })).status).toBe(201);
    expect(waiting).toBe(2);
    expect(await Promise.all(late)).toEqual([503, 503]);
    // Its reader's connection would be cut off after 30 s.
    expect(Date.now() - began).toBeLessThan(20_000);
    tampering.hang = undefined;
    expect((await send(server, 'GET', `/images/${images[0]!.id}/50px`, owner)).status).toBe(200);
  });

  it('and writers have a 503 where it takes nothing, and deleting works', async () => {
    const { server, owner, tampering } = await serverOnS3({ STORAGE_TIMEOUT: '1' });
    const { id } = await uploaded(server, owner, jpeg);
    tampering.hang = ({ method }) => method !== 'GET';
    expect((await upload(server, owner.token, { image: jpeg })).status).toBe(503);
    expect((await send(server, 'DELETE', `/images/${id}`, owner)).status).toBe(204);
    expect((await send(server, 'GET', `/images/${id}`, owner)).status).toBe(404);
  });
});
