import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openConnection, readAnswer } from '../../helpers/raw-http.ts';
import { guestToken, serverForTest, startServer, type TestServer } from '../../helpers/server.ts';

const MIB = 1024 ** 2;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

interface Target extends TestServer {
  token: string;
}

async function serverWithToken(environment: Record<string, string>): Promise<Target> {
  const server = await serverForTest(environment);
  return { ...server, token: await guestToken(server) };
}

async function post({ url, token }: Target, coding: string, body: Uint8Array | ReadableStream) {
  const response = await fetch(`${url}/sum`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-encoding': coding },
    body,
    duplex: 'half',
  } as RequestInit);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** A document of zeros and white space that compresses well. */
const dull = (bytes: number) => Buffer.from(`[0${',0'.repeat(bytes / 2 - 1)}]`);

/** An upload that the server waits for, after the first bytes of its body. */
async function openUpload({ url, token }: Target, coding: string, start: Buffer) {
  const socket = await openConnection(url);
  socket.write(
    `POST /sum HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-encoding: ${coding}\r\ncontent-length: 1000\r\nexpect: 100-continue\r\n\r\n`,
  );
  await once(socket, 'data');
  socket.write(start);
  onTestFinished(() => void socket.destroy());
  return socket;
}

describe.each(['0', '2'])('a compressed document, with SUM_THREADS=%s', (threads) => {
  let server: Target;
  beforeAll(async () => {
    const started = await startServer({ SUM_THREADS: threads });
    server = { ...started, token: await guestToken(started) };
  });
  afterAll(() => server.close());

  const spaces = Buffer.alloc(256 * MIB, ' ');
  it.each([
    ['br', brotliCompressSync(spaces, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } })],
    ['zstd', zstdCompressSync(spaces)],
    ['gzip', gzipSync(spaces)],
    ['deflate', deflateSync(spaces)],
  ])('is refused where its %s expands too much', async (coding, bomb) => {
    const answer = await post(server, coding, bomb);
    expect(answer.status).toBe(413);
    expect(answer.body).toMatchObject({
      code: 'compression_ratio_too_high',
      detail: expect.stringContaining('100 bytes'),
    });
  });

  it.each([
    ['br', brotliCompressSync(dull(MIB))],
    ['zstd', zstdCompressSync(dull(MIB))],
    ['gzip', gzipSync(dull(MIB))],
  ])('of a mebibyte may expand from however little (%s)', async (coding, body) => {
    expect(body.length).toBeLessThan(MIB / 500);
    expect(await post(server, coding, body)).toMatchObject({ body: { sha256: sha256('0') } });
  });

  it('of any size is accepted within the ratio', async () => {
    const row = Buffer.from(`${'{"on":true,"value":1},'.repeat(30)}`);
    const rows = Array.from({ length: 5000 }, (_, i) => `${row}{"id":"${sha256(`${i}`)}"},`);
    const document = Buffer.from(`[${rows.join('')}0]`);
    const body = brotliCompressSync(document, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
    expect(document.length / body.length).toBeGreaterThan(15);
    expect(document.length).toBeGreaterThan(3 * MIB);
    expect(await post(server, 'br', body)).toMatchObject({ body: { sha256: sha256('150000') } });
  });

  it('may have several zstd frames, each with what belongs to it', async () => {
    const parts = ['[1,2', ',3,', '', '4]'].map((text) => zstdCompressSync(text));
    const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9]);
    const body = Buffer.concat([skippable, ...parts, skippable]);
    expect(await post(server, 'zstd', body)).toMatchObject({ body: { sha256: sha256('10') } });
  });

  it('may not have thousands of zstd frames in a chunk', async () => {
    const body = Buffer.concat(Array(5000).fill(zstdCompressSync(' ')));
    expect(await post(server, 'zstd', body)).toMatchObject({
      status: 400,
      body: { code: 'malformed_content_encoding', detail: expect.stringContaining('1000 zstd') },
    });
  });

  it.each([
    ['gzip', gzipSync('[1]'), Buffer.from('\0,2]')],
    ['deflate', deflateSync('[1]'), deflateSync('[2]')],
    ['br', brotliCompressSync('[1]'), Buffer.from('x')],
    ['zstd', zstdCompressSync('[1]'), Buffer.from('abcdefgh')],
  ])('is refused where bytes follow its %s, at once or later', async (coding, body, trailing) => {
    const whole = Buffer.concat([body, trailing]);
    const parts = [body, trailing];
    const later = new ReadableStream({
      async pull(controller) {
        const part = parts.shift();
        if (part) controller.enqueue(part);
        else controller.close();
        await new Promise((resolve) => setTimeout(resolve, 100));
      },
    });
    for (const sent of [whole, later]) {
      expect(await post(server, coding, sent)).toMatchObject({
        status: 400,
        body: { code: 'malformed_content_encoding' },
      });
    }
  });

  it('is refused where its zstd needs a window of more than 8 MiB', async () => {
    // A frame header with a window of 16 MiB, and an empty last block (RFC 8878 section 3.1.1).
    const body = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 14 << 3, 1, 0, 0]);
    expect(await post(server, 'zstd', body)).toMatchObject({
      status: 400,
      body: { code: 'malformed_content_encoding' },
    });
  });
});

it('expands as much as SUM_MAX_RATIO says', async () => {
  const server = await serverWithToken({ SUM_MAX_RATIO: '2000' });
  const body = gzipSync(dull(4 * MIB));
  expect(await post(server, 'gzip', body)).toMatchObject({ body: { sha256: sha256('0') } });
});

it('lets a client have SUM_COMPRESSED_IN_FLIGHT compressed documents in flight', async () => {
  const server = await serverWithToken({ SUM_COMPRESSED_IN_FLIGHT: '2' });
  const start = gzipSync('[1,2,3]').subarray(0, 12);
  const uploads = [
    await openUpload(server, 'gzip', start),
    await openUpload(server, 'gzip', start),
  ];
  const small = gzipSync('[5]');
  const status = async () => (await post(server, 'gzip', small)).status;
  expect(await status()).toBe(429);
  const refused = await post(server, 'zstd', small);
  expect(refused.body).toMatchObject({ code: 'too_many_in_flight' });
  expect(refused.headers.get('retry-after')).toBe('1');
  expect((await post(server, 'identity', Buffer.from('[5]'))).status).toBe(200);
  uploads[0]!.destroy();
  await expect.poll(status, { timeout: 15_000 }).toBe(200);
  uploads[1]!.destroy();
});

it('gives places back however a compressed document ends', async () => {
  const server = await serverWithToken({ SUM_COMPRESSED_IN_FLIGHT: '1', BODY_IDLE_TIMEOUT: '0.2' });
  const stalled = await openUpload(server, 'gzip', gzipSync('[1,2,3]').subarray(0, 12));
  expect((await readAnswer(stalled)).status).toBe(408);
  const bodies = [
    Buffer.from('x'),
    gzipSync('[1'),
    gzipSync(Buffer.alloc(9 * MIB, ' ')),
    gzipSync('[5]'),
  ];
  const statuses: number[] = [];
  for (const body of bodies) statuses.push((await post(server, 'gzip', body)).status);
  expect(statuses).toEqual([400, 400, 413, 200]);
});
