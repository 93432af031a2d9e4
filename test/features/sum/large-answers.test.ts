import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { mainThreadTimeOf, memoryOf } from '../../helpers/process-usage.ts';
import { openConnection } from '../../helpers/raw-http.ts';
import { guestToken, serverProcessForTest } from '../../helpers/server.ts';

const MIB = 2 ** 20;
const EVERYTHING = '?include=sum,count,paths';

/** Numbers, each in a place of its own. */
const places = (count: number, number: string) =>
  `{${Array.from({ length: count }, (_, index) => `"${index.toString(36)}":${number}`)}}`;

/** Four kilobytes whose answer has more than three megabytes. */
const longSums = places(370, '1e9999');
/** Names whose paths are six times as long. */
const escapes = (times: number) => '\\u0001'.repeat(times);

async function post(url: string, token: string, query: string, body: string) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(`${url}/sum${query}`, { method: 'POST', headers, body });
  return { status: response.status, bytes: (await response.arrayBuffer()).byteLength };
}

it.each([
  ['many paths', places(10_000, '1.5'), 200, 15],
  ['long sums from a short document', longSums, 200, 20],
  ['too long sums', places(10_000, '1e9999'), 422, 15],
  ['names of escapes', `{"${escapes(100_000)}":[${places(5, '1')}]}`, 200, 40],
  ['deep objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, 200, 20],
])(
  'keeps its event loop free of %s',
  async (_, document, status, budget) => {
    const server = await serverProcessForTest({ SUM_THREADS: '1', LOG_LEVEL: 'fatal' });
    const token = await guestToken(server);
    const send = () => post(server.url, token, EVERYTHING, document);
    // The first ones start the thread and compile what is used.
    for (let count = 0; count < 3; count++) expect((await send()).status).toBe(status);
    const before = mainThreadTimeOf(server);
    const times = 10;
    for (let count = 0; count < times; count++) await send();
    expect((mainThreadTimeOf(server) - before) / times).toBeLessThan(budget);
  },
  60_000,
);

/** Asks for the totals of a document, and reads nothing but the status of the answer. */
async function askAndStall(url: string, token: string, body: string) {
  const socket = await openConnection(url);
  onTestFinished(() => void socket.destroy());
  const lines = [
    `POST /sum${EVERYTHING} HTTP/1.1`,
    'host: x',
    'connection: close',
    `authorization: Bearer ${token}`,
    `content-length: ${body.length}`,
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
  await once(socket, 'readable');
  return { socket, status: Number(String(socket.read(15)).split(' ')[1]) };
}

/** 30 kilobytes whose answer has 29 megabytes, and a document with a shorter one. */
const largest = `{"${escapes(4000)}":${places(1000, '1')}}`;
const large = `{"${escapes(4000)}":${places(900, '1')}}`;

it('gives the memory of a large answer back', async () => {
  const server = await serverProcessForTest({ SUM_THREADS: '1' });
  const token = await guestToken(server);
  expect((await post(server.url, token, EVERYTHING, largest)).bytes).toBeGreaterThan(25 * MIB);
  await expect
    .poll(() => memoryOf(server).peak - memoryOf(server).now, { timeout: 15_000 })
    .toBeGreaterThan(50 * MIB);
}, 30_000);

it('refuses or gives up the largest answers where nobody takes them, and serves others', async () => {
  const limit = 96 * MIB;
  const server = await serverProcessForTest({ SUM_THREADS: '1', SUM_MAX_MEMORY: String(limit) });
  const { url } = server;
  const token = await guestToken(server);
  expect((await post(url, token, EVERYTHING, largest)).bytes).toBeGreaterThan(25 * MIB);
  const before = memoryOf(server).now;
  const all: Awaited<ReturnType<typeof askAndStall>>[] = [];
  for (let count = 0; count < 20; count++) all.push(await askAndStall(url, token, largest));
  expect(all.map(({ status }) => status)).toEqual([200, 200, 200, ...Array(17).fill(503)]);
  // Without a limit it is 550 MiB for the answers alone.
  expect(memoryOf(server).now - before).toBeLessThan(450 * MIB);
  expect((await askAndStall(url, token, large)).status).toBe(200);
  const lengths: number[] = [];
  for (const { socket } of all.slice(0, 3)) {
    let length = 0;
    for await (const chunk of socket) length += chunk.length;
    lengths.push(length);
  }
  expect(lengths.filter((length) => length > 25 * MIB)).toHaveLength(2);
}, 60_000);
