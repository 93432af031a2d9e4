import { setTimeout as pause } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openConnection, readToEnd } from '../helpers/raw-http.ts';
import { repeat, TIMEOUT } from './duration.ts';
import { AMBIGUOUS, SMUGGLED, SMUGGLED_ANSWER } from './malformed-requests.ts';
import { observe } from './observe.ts';
import { operations } from './spec.ts';
import { type Finding, openTarget, type Target } from './target.ts';
import { createWorld, type World } from './world.ts';

/** Random streams of bytes in one round, and connections at once. */
const STREAMS = 400;
const AT_ONCE = 20;

let target: Target;
let world: World;
beforeAll(async () => {
  target = await openTarget({
    HEADERS_TIMEOUT: '1',
    BODY_TIMEOUT: '1',
    BODY_IDLE_TIMEOUT: '1',
    REQUEST_TIMEOUT: '2',
  });
  world = await createWorld(target);
});
afterAll(() => target?.close());

const statusesOf = (text: string) =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));

describe.each(Object.entries(AMBIGUOUS))('%s', (_, request) => {
  it('is refused, and what follows is no second request', async () => {
    const socket = await openConnection(target.url);
    socket.on('error', () => undefined);
    socket.write(request + SMUGGLED, 'latin1');
    const text = await Promise.race([readToEnd(socket), pause(15_000)]);
    socket.destroy();
    expect(text, 'the server keeps the connection').toBeDefined();
    expect(text).not.toContain(SMUGGLED_ANSWER);
    const statuses = statusesOf(text!);
    expect(statuses.length).toBeLessThanOrEqual(1);
    for (const status of statuses) expect([400, 405, 408, 413, 431, 501, 505]).toContain(status);
  });
});

it('takes two whole requests for two', async () => {
  const socket = await openConnection(target.url);
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk;
  });
  socket.write(`GET /health/ready HTTP/1.1\r\nhost: x\r\n\r\n${SMUGGLED}`);
  await expect.poll(() => statusesOf(text)).toEqual([200, 200]);
  socket.destroy();
  expect(text).toContain(SMUGGLED_ANSWER);
});

it('answers pipelined requests in their order', async () => {
  const socket = await openConnection(target.url);
  const authorization = `authorization: Bearer ${world.tokens.user}\r\n`;
  const ids = Array.from({ length: 100 }, (_, index) => `request-${index}`);
  for (const [index, id] of ids.entries()) {
    const head = `host: x\r\nx-request-id: ${id}\r\n${index === 99 ? 'connection: close\r\n' : ''}`;
    const sum = `POST /sum HTTP/1.1\r\n${head}${authorization}content-length: 5\r\n\r\n[1,2]`;
    socket.write(index % 2 ? sum : `GET /products?limit=1 HTTP/1.1\r\n${head}\r\n`);
  }
  const text = await readToEnd(socket);
  const answered = [...text.matchAll(/x-request-id: (\S+)/gi)].map(([, id]) => id);
  expect(answered).toEqual(ids);
  expect(new Set(statusesOf(text))).toEqual(new Set([200]));
});

it('lets go of a client that has closed its half of the connection', async () => {
  const socket = await openConnection(target.url);
  const authorization = `authorization: Bearer ${world.tokens.user}\r\n`;
  socket.end(`POST /sum HTTP/1.1\r\nhost: x\r\n${authorization}content-length: 5\r\n\r\n[1,2]`);
  // Node may take it for a client that has left.
  for (const status of statusesOf(await readToEnd(socket))) expect(status).toBe(200);
});

it('ends slow headers and slow bodies, and answers others meanwhile', {
  timeout: TIMEOUT,
}, async () => {
  const slow = [
    'GET /health/ready HTTP/1.1\r\nhost: x\r\nx: ',
    `POST /auth HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n`,
    `POST /sum HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${world.tokens.user}\r\ncontent-length: 999\r\n\r\n`,
  ];
  const { findings } = await observe('slow requests', target, () =>
    Promise.all(Array.from({ length: 60 }, (_, index) => drip(slow[index % slow.length]!))),
  );
  expect(findings).toEqual([]);
});

/** Sends a byte now and then until the server closes. */
async function drip(start: string): Promise<void> {
  const socket = await openConnection(target.url);
  const timer = setInterval(() => socket.write(' '), 200);
  socket.on('error', () => undefined).write(start);
  socket.resume();
  const closed = new Promise<boolean>((resolve) => socket.once('close', () => resolve(true)));
  const isClosed = await Promise.race([closed, pause(30_000)]);
  clearInterval(timer);
  socket.destroy();
  if (!isClosed) throw new Error(`the server bears with ${start}`);
}

interface Stream {
  pieces: string[];
  leave: 'end' | 'destroy' | 'resetAndDestroy' | 'read';
}

/** Requests that were valid, cut in pieces, with bytes changed, doubled, left out or put in between. */
function streams(tokens: World['tokens']): fc.Arbitrary<Stream> {
  const requests = operations.map(({ method, path, body }) => {
    const target = path.replace(/\{\w+\}/g, '01900000-0000-7000-8000-000000000000');
    const head = `${method} ${target} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${tokens.admin}\r\n`;
    if (!body) return `${head}\r\n`;
    const type = `content-type: ${body.mediaType}; boundary=b\r\n`;
    return `${head}${type}transfer-encoding: chunked\r\n\r\n7\r\n{"a":1}\r\n0\r\n\r\n`;
  });
  const oddity = fc.constantFrom(
    '',
    '\0',
    '\r',
    '\n',
    '\r\n',
    ' ',
    ':',
    '\xff',
    '0',
    '7\r\n',
    'HTTP/1.1',
  );
  const change = fc.tuple(fc.nat(1000), fc.nat(3), oddity);
  return fc
    .record({
      text: fc
        .array(fc.constantFrom(...requests), { minLength: 1, maxLength: 3 })
        .map((all) => all.join('')),
      changes: fc.array(change, { maxLength: 3 }),
      cuts: fc.array(fc.nat(1000), { maxLength: 4 }),
      leave: fc.constantFrom('end', 'destroy', 'resetAndDestroy', 'read') as fc.Arbitrary<
        Stream['leave']
      >,
    })
    .map(({ text, changes, cuts, leave }) => {
      let changed = text;
      for (const [at, length, put] of changes) {
        const from = at % changed.length;
        changed = changed.slice(0, from) + put + changed.slice(from + length);
      }
      const edges = [
        0,
        ...cuts.map((cut) => cut % changed.length).sort((a, b) => a - b),
        changed.length,
      ];
      return {
        pieces: edges.slice(1).map((edge, index) => changed.slice(edges[index], edge)),
        leave,
      };
    });
}

async function play({ pieces, leave }: Stream): Promise<Finding[]> {
  const socket = await openConnection(target.url);
  let text = '';
  socket.on('error', () => undefined).setEncoding('latin1');
  socket.on('data', (chunk) => {
    text += chunk;
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  for (const piece of pieces) {
    socket.write(piece, 'latin1');
    await pause(1);
  }
  if (leave === 'read') await Promise.race([closed, pause(50)]);
  else socket[leave]();
  await Promise.race([closed, pause(50)]);
  socket.destroy();
  const isFault = statusesOf(text).some((status) => status === 500);
  return isFault ? [`500 <- ${JSON.stringify(pieces)}`] : [];
}

it('survives random streams of bytes', { timeout: TIMEOUT }, async () => {
  const findings = await repeat(async (seed) => {
    const all = fc.sample(streams(world.tokens), { seed, numRuns: STREAMS });
    const found: Finding[] = [];
    const queue = all.values();
    const client = async () => {
      for (const stream of queue) found.push(...(await play(stream)));
    };
    const { findings } = await observe(`random streams, seed ${seed}`, target, () =>
      Promise.all(Array.from({ length: AT_ONCE }, client)),
    );
    return [...found.slice(0, 5), ...findings];
  });
  expect(findings).toEqual([]);
});

it('puts no secret into the log', () => {
  expect(target.leaks()).toEqual([]);
});
