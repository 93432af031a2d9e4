import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CHEAP_HASHES, send } from '../../helpers/accounts.ts';
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
import { blankPng } from '../../helpers/png.ts';
import { openConnection, readAnswer } from '../../helpers/raw-http.ts';
import { serverForTest, type TestServer } from '../../helpers/server.ts';

const jpeg = fixture('baseline.jpg');
const SERVER = { ...CHEAP_HASHES, LOG_LEVEL: 'error' };
const codeOf = async (response: Response) => [
  response.status,
  ((await response.json()) as { code: string }).code,
];

const head = (server: TestServer, { token }: TestUser, length: number) =>
  [
    'POST /images HTTP/1.1',
    `Host: ${new URL(server.url).host}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: multipart/form-data; boundary=x',
    `Content-Length: ${length}`,
    '',
    '--x',
    'Content-Disposition: form-data; name="image"; filename="a.jpg"',
    '',
    'and so on',
  ].join('\r\n');

describe('an image that would explode', () => {
  it('is refused for its pixels before it is decoded, at once and in little memory', async () => {
    const server = await serverForTest(SERVER);
    const { token } = await userWith(server);
    const bomb = await blankPng({ width: 16_383, height: 16_383 });
    expect(bomb.length).toBeGreaterThan(1_000_000);
    expect(await codeOf(await upload(server, token, { image: jpeg.subarray(0, 50) }))).toEqual([
      422,
      'image_corrupt',
    ]);
    const times: number[] = [];
    const before = process.memoryUsage().rss;
    for (let attempt = 0; attempt < 5; attempt++) {
      const started = performance.now();
      const answer = await upload(server, token, { image: bomb });
      times.push(performance.now() - started);
      expect(await codeOf(answer)).toEqual([422, 'too_many_pixels']);
    }
    // To decode them takes longer than a second.
    expect(Math.min(...times)).toBeLessThan(500);
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 ** 2);
  });

  it.each([
    [16_385, 1],
    [1, 16_385],
    [7072, 7072],
    [0, 10],
  ])('is refused where it has %d × %d pixels', async (width, height) => {
    const server = await serverForTest(SERVER);
    const { token } = await userWith(server);
    const answer = await upload(server, token, { image: await blankPng({ width, height }) });
    const code = width === 0 ? 'image_corrupt' : 'too_many_pixels';
    expect(await codeOf(answer)).toEqual([422, code]);
  });

  it('is refused where it takes too long', async () => {
    const server = await serverForTest({
      ...SERVER,
      IMAGES_TIMEOUT: '1',
      IMAGES_MAX_PIXELS: '1000000000',
    });
    const { token } = await userWith(server);
    const image = await blankPng({ width: 16_000, height: 16_000, pixelBytes: 8 });
    const started = performance.now();
    expect(await codeOf(await upload(server, token, { image }))).toEqual([422, 'image_too_slow']);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(storedFiles(server)).toEqual([]);
  });
});

describe('more images than can be decoded', () => {
  it('wait, and those that find no place are asked to come again', async () => {
    const server = await serverForTest({ ...SERVER, IMAGES_DECODERS: '1', IMAGES_QUEUE: '1' });
    const { token } = await userWith(server);
    const image = readFileSync(PHOTOGRAPH);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => upload(server, token, { image })),
    );
    const accepted = answers.filter(({ status }) => status === 201).length;
    expect(accepted).toBeGreaterThanOrEqual(2);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) {
      expect(answer.headers.get('retry-after')).toBe('5');
      expect(await codeOf(answer)).toEqual([503, 'image_queue_full']);
    }
    expect(storedFiles(server)).toHaveLength(accepted);
  });
});

describe('an account with many uploads', () => {
  it('lets those of others pass', async () => {
    const server = await serverForTest({ ...SERVER, IMAGES_DECODERS: '1' });
    const [busy, other] = [await userWith(server), await userWith(server)];
    const image = readFileSync(PHOTOGRAPH);
    let done = 0;
    const many = Array.from({ length: 20 }, async () => {
      expect((await upload(server, busy.token, { image })).status).toBe(201);
      done++;
    });
    await expect.poll(() => done, { timeout: 15_000 }).toBeGreaterThan(0);
    const before = done;
    expect((await upload(server, other.token, { image: jpeg })).status).toBe(201);
    // Two turns for one upload, to inspect it and to decode it, and what runs already.
    expect(done - before).toBeLessThan(8);
    await Promise.all(many);
  });

  it('has no more of them in flight than it may, and others as many again', async () => {
    const server = await serverForTest({ ...SERVER, IMAGES_PER_ACCOUNT: '2' });
    const [busy, other] = [await userWith(server), await userWith(server)];
    const sockets = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const socket = await openConnection(server.url);
        onTestFinished(() => void socket.destroy());
        return socket;
      }),
    );
    for (const socket of sockets.slice(0, 2)) socket.write(head(server, busy, 5000));
    await expect.poll(() => storedFiles(server).length).toBe(2);
    sockets[2]!.write(head(server, busy, 5000));
    const refused = await readAnswer(sockets[2]!);
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    expect(refused.body).toContain('too_many_in_flight');
    expect((await upload(server, other.token, { image: jpeg })).status).toBe(201);
    sockets[0]!.destroy();
    const again = async () => (await upload(server, busy.token, { image: jpeg })).status;
    await expect.poll(again).toBe(201);
  });
});

describe('thumbnails with more pixels than are made at once', () => {
  it('are left for when they are read, but for the smallest', async () => {
    const server = await serverForTest({ ...SERVER, THUMBNAIL_PIXELS: '100000' });
    const admin = await userWith(server, { role: 'admin' });
    const heights = { thumbnail_heights: [50, 100, 150, 180] };
    await send(server, 'PATCH', '/tiers/basic', { ...admin, body: heights });
    const user = await userWith(server);
    const wide = await blankPng({ width: 2000, height: 200 });
    const { id, images } = await uploaded(server, user, wide);
    // 500 × 50 pixels; 1000 × 100 would be too many.
    expect(images.map(({ bytes }) => bytes !== null)).toEqual([true, false, false, false]);
    for (const { size } of images) await download(server, user, id, size);
    const small = await uploaded(server, user, fixture('one-pixel.png'));
    expect(small.images.every(({ bytes }) => bytes !== null)).toBe(true);
  });
});

describe('a client', () => {
  it('that stalls in the midst of an upload gets 408, and nothing stays', async () => {
    const server = await serverForTest({ ...SERVER, BODY_IDLE_TIMEOUT: '1.5' });
    const user = await userWith(server);
    const socket = await openConnection(server.url);
    socket.write(head(server, user, 5000));
    const answer = await readAnswer(socket);
    expect(answer.status).toBe(408);
    expect(answer.body).toContain('request_timeout');
    expect(storedFiles(server)).toEqual([]);
  });

  it('that goes away in the midst of an upload leaves nothing', async () => {
    const server = await serverForTest(SERVER);
    const user = await userWith(server);
    const socket = await openConnection(server.url);
    socket.write(head(server, user, 5000));
    await expect.poll(() => storedFiles(server).length).toBe(1);
    socket.destroy();
    await expect.poll(() => storedFiles(server).length).toBe(0);
  });

  it('that waits for its turn longer than a connection may stall gets its answer', async () => {
    const server = await serverForTest({
      ...SERVER,
      BODY_IDLE_TIMEOUT: '0.2',
      IMAGES_DECODERS: '1',
    });
    const { token } = await userWith(server);
    const image = readFileSync(PHOTOGRAPH);
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => upload(server, token, { image })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(201));
  });
});

describe('a storage that fails', () => {
  it('is a 503, and no image without its files', async () => {
    const server = await serverForTest(SERVER);
    const user = await userWith(server);
    await uploaded(server, user, jpeg);
    const { put } = server.app.storage;
    // The disk is full, say.
    server.app.storage.put = async () => put('images/aa/x', { file: '/nowhere/at/all' });
    const answer = await upload(server, user.token, { image: jpeg });
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(await codeOf(answer)).toEqual([503, 'storage_unavailable']);
    const list = await send(server, 'GET', '/images', user);
    expect(await list.json()).toMatchObject({ count: 1 });
    expect(readdirSync(server.app.storage.scratchFolder)).toEqual([]);
  });
});
