import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { brotliCompressSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { memoryOf } from '../../helpers/process-usage.ts';
import { openConnection, type RawAnswer, readAnswer } from '../../helpers/raw-http.ts';
import { guestToken, serverProcessForTest } from '../../helpers/server.ts';

/** A number for each page of accumulators that a document can have. */
const farApart = `[${Array.from({ length: 313 }, (_, i) => `1e${(i - 156) * 64},`).join('')}`;

const MIB = 2 ** 20;

/** A name for each of the places that a document can have, but the last ones. */
const manyPlaces = `{${Array.from({ length: 9000 }, (_, i) => `"${'n'.repeat(100)}${i}":1,`).join('')}`;

/** A body that has begun and does not go on; one of more than a mebibyte is for a thread. */
async function stall(
  url: string,
  token: string,
  lines: string[],
  start: Buffer | string,
  query = '',
) {
  const socket = await openConnection(url);
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  socket.write(`POST /sum${query} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n`);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  socket.write(start);
  return socket;
}

/** Returns the answers once none has come for a while; undefined where the server still waits for the body. */
async function answersOf(sockets: Socket[]): Promise<(RawAnswer | undefined)[]> {
  const answers = sockets.map((): RawAnswer | undefined => undefined);
  let latest = performance.now();
  for (const [index, socket] of sockets.entries()) {
    readAnswer(socket).then(
      (answer) => {
        answers[index] = answer;
        latest = performance.now();
      },
      () => undefined,
    );
  }
  await expect.poll(() => performance.now() - latest, { timeout: 45_000 }).toBeGreaterThan(5000);
  return answers;
}

async function sum(url: string, token: string, body: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return (await fetch(`${url}/sum`, { method: 'POST', headers, body })).json();
}

describe.each(['1000000', '100000000'])('documents of %s bytes that stall', (length) => {
  it('have a limited memory, which is given back when they are gone', async () => {
    const server = await serverProcessForTest({
      SUM_THREADS: '1',
      SUM_MAX_MEMORY: String(64 * 1024 ** 2),
    });
    const { url } = server;
    const token = await guestToken(server);
    const lines = [`content-length: ${length}`];
    // The first ones start the thread and compile what is used.
    const first = await stall(url, token, lines, farApart);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    first.destroy();
    const before = memoryOf(server).now;
    const sockets: Socket[] = [];
    for (let count = 0; count < 500; count++) {
      sockets.push(await stall(url, token, lines, farApart));
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const during = memoryOf(server).now;
    // Without a limit it is 157 MiB for the accumulators alone.
    expect(during - before).toBeLessThan(100 * MIB);
    const digest = createHash('sha256').update('3').digest('hex');
    expect(await sum(url, token, '[1,2]')).toEqual({ sha256: digest });
    for (const socket of sockets) socket.write('1,');
    const refused = await answersOf(sockets);
    const answers = refused.filter((answer) => answer !== undefined);
    expect(answers.length).toBeGreaterThan(300);
    for (const { status, headers, body } of answers) {
      expect([status, headers['retry-after']]).toEqual([503, '5']);
      expect(JSON.parse(body)).toMatchObject({ code: 'memory_exhausted' });
    }
    for (const socket of sockets) socket.destroy();
    await expect
      .poll(() => memoryOf(server).now, { timeout: 10_000 })
      .toBeLessThan(before * 1.1 + 10 * MIB);
  }, 90_000);
});

it('limits the memory of places, and takes it from the documents that have the most', async () => {
  const limit = 128 * MIB;
  const server = await serverProcessForTest({ SUM_THREADS: '1', SUM_MAX_MEMORY: String(limit) });
  const { url } = server;
  const token = await guestToken(server);
  const lines = ['content-type: application/jsonl', 'content-length: 10000000'];
  const query = '?include=paths';
  (await stall(url, token, lines, manyPlaces, query)).destroy();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const before = memoryOf(server).now;
  const modest = await stall(url, token, lines, '{"a":1}\n', query);
  const sockets: Socket[] = [];
  for (let count = 0; count < 60; count++) {
    sockets.push(await stall(url, token, lines, manyPlaces, query));
  }
  const answers = await answersOf(sockets);
  const refused = answers.filter((answer) => answer?.status === 503);
  expect(refused.length).toBeGreaterThan(30);
  expect(refused.length).toBeLessThan(60);
  // Without a limit it is 480 MiB.
  expect(memoryOf(server).now - before).toBeLessThan(limit);
  expect(await Promise.race([readAnswer(modest), 'served'])).toBe('served');
  const digest = createHash('sha256').update('3').digest('hex');
  expect(await sum(url, token, '[1,2]')).toEqual({ sha256: digest });
}, 60_000);

it('lets decoders have a limited memory, and takes it from those that have the most', async () => {
  const server = await serverProcessForTest({
    SUM_MAX_MEMORY: String(32 * 1024 ** 2),
    SUM_MAX_RATIO: '1000000',
  });
  const { url } = server;
  const token = await guestToken(server);
  const lines = ['content-encoding: br', 'content-length: 1000000'];
  const body = brotliCompressSync(Buffer.alloc(12 * 1024 ** 2, ' '));
  const sockets: Socket[] = [];
  for (let count = 0; count < 8; count++) {
    sockets.push(await stall(url, token, lines, body.subarray(0, body.length - 1)));
  }
  const answers = await answersOf(sockets);
  const refused = answers.filter((answer) => answer?.status === 503);
  expect(refused.length).toBeGreaterThan(4);
  expect(refused.length).toBeLessThan(8);
}, 60_000);
