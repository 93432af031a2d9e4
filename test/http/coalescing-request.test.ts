import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CoalescingRequest } from '../../src/http/coalescing-request.ts';
import { openConnection, readToEnd } from '../helpers/raw-http.ts';

const HEAD = 'POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n';
const LAST_HEAD = `${HEAD}connection: close\r\n\r\n`;
const END = '0\r\n\r\n';

/** Chunks of one byte each: the letters of the alphabet, again and again. */
function tinyChunks(count: number): string {
  const letters = Array.from({ length: 26 }, (_, i) => `1\r\n${String.fromCharCode(97 + i)}\r\n`);
  return letters
    .join('')
    .repeat(Math.ceil(count / 26))
    .slice(0, count * 6);
}

function letters(count: number): string {
  return 'abcdefghijklmnopqrstuvwxyz'.repeat(Math.ceil(count / 26)).slice(0, count);
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer({ IncomingMessage: CoalescingRequest }, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers with the number of chunks, the most bytes that came in a turn of the event loop, and the body. */
const describeBody: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  let inTurn = 0;
  let most = 0;
  request.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    if (inTurn === 0) {
      setImmediate(() => {
        inTurn = 0;
      });
    }
    inTurn += chunk.length;
    most = Math.max(most, inTurn);
  });
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString('latin1');
    response.end(JSON.stringify({ chunks: chunks.length, most, body }));
  });
};

async function exchange(url: string, text: string) {
  const socket = await openConnection(url);
  socket.write(text, 'latin1');
  const answer = await readToEnd(socket);
  return JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1));
}

describe('a body of tiny chunks', () => {
  it('is the same body in few chunks', async () => {
    const url = await serve(describeBody);
    const { chunks, body } = await exchange(url, LAST_HEAD + tinyChunks(200_000) + END);
    expect(body).toBe(letters(200_000));
    expect(chunks).toBeLessThan(2000);
  });

  it('is read little by little, so that others have their turns', async () => {
    const url = await serve(describeBody);
    const { most } = await exchange(url, LAST_HEAD + tinyChunks(1_000_000) + END);
    // What Node reads of a socket at a time, and what was joined before.
    expect(most).toBeLessThan(65_536 / 6 + 16_384);
  });

  it('keeps its order among large chunks', async () => {
    const large = 'X'.repeat(10_000);
    const part = `${tinyChunks(2600)}2710\r\n${large}\r\n`;
    const url = await serve(describeBody);
    const { body } = await exchange(url, LAST_HEAD + part.repeat(20) + END);
    expect(body).toBe((letters(2600) + large).repeat(20));
  });

  it('waits for a reader that is slow', async () => {
    let request!: IncomingMessage;
    const url = await serve((incoming, response) => {
      request = incoming;
      request.once('end', () => response.end('{}'));
    });
    const socket = await openConnection(url);
    const answer = readToEnd(socket);
    socket.write(LAST_HEAD + tinyChunks(1_000_000) + END);
    await expect.poll(() => request?.readableLength).toBeGreaterThan(65_535);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(request.readableLength).toBeLessThan(65_536 + 2 * 16_384);
    let bytes = 0;
    for await (const chunk of request) {
      bytes += chunk.length;
      if (bytes % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(bytes).toBe(1_000_000);
    expect(await answer).toContain('200 OK');
  });

  it('leaves the connection to the requests behind it', async () => {
    const url = await serve((request, response) => {
      let bytes = 0;
      request.on('data', ({ length }: Buffer) => {
        bytes += length;
      });
      request.on('end', () => response.end(`<${bytes}>`));
    });
    const socket = await openConnection(url);
    socket.write(`${HEAD}\r\n${tinyChunks(50_000)}${END}`.repeat(3) + LAST_HEAD + END);
    const answers = await readToEnd(socket);
    expect(answers.match(/<\d+>/g)).toEqual(['<50000>', '<50000>', '<50000>', '<0>']);
  });

  it('may break off, beside others that do not', async () => {
    const url = await serve(describeBody);
    const broken = await Promise.all(Array.from({ length: 20 }, () => openConnection(url)));
    for (const socket of broken) {
      socket.on('error', () => undefined).write(LAST_HEAD + tinyChunks(30_000));
    }
    const whole = Array.from({ length: 5 }, () =>
      exchange(url, LAST_HEAD + tinyChunks(100_000) + END),
    );
    for (const socket of broken) socket.resetAndDestroy();
    for (const { body } of await Promise.all(whole)) expect(body).toBe(letters(100_000));
  });
});

it('passes few chunks on as they come', async () => {
  const url = await serve(describeBody);
  const { chunks, body } = await exchange(url, LAST_HEAD + tinyChunks(4) + END);
  expect(body).toBe('abcd');
  expect(chunks).toBe(4);
});
