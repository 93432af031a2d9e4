import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Tally } from '../../generated-client/src/index.ts';
import { guestToken, serverForTest, serverProcessForTest } from '../helpers/server.ts';
import { failureOf, faultServer } from './fault-server.ts';

const MIB = 2 ** 20;

/** A seven in each kibibyte, until so many bytes are given or for ever. It never waits for anything. */
function sevens(bytes = Infinity) {
  const chunk = Buffer.from(`7,${' '.repeat(1022)}`.repeat(64));
  const state = { given: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(Buffer.from('[')),
      pull(controller) {
        if (state.given < bytes) {
          state.given += chunk.length;
          controller.enqueue(chunk);
        } else {
          controller.enqueue(Buffer.from('0]'));
          controller.close();
        }
      },
      cancel: () => {
        state.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, state };
}

/** A server that reads as fast as it can, in a process of its own, so that nothing in this one holds it up. */
const DRAIN = `
const { createServer } = require('node:http');
const server = createServer((request, response) => (request.url === '/' ? response.end() : request.resume()));
server.listen(process.env.PORT, '127.0.0.1');
`;
const startDrain = () => serverProcessForTest({}, [process.execPath, '-e', DRAIN], '/');

describe('a stream', () => {
  it('of 64 MiB arrives whole', async () => {
    const server = await serverForTest({ LOG_LEVEL: 'info' });
    const tally = new Tally({ baseUrl: server.url, token: await guestToken(server) });
    const { stream } = sevens(64 * MIB);
    expect(await tally.sum(stream)).toBe(hash('sha256', String(7 * 64 * 1024)));
  }, 60_000);

  it('is read no faster than the server reads', async () => {
    const { url } = await faultServer(() => undefined);
    const { stream, state } = sevens();
    await failureOf(new Tally({ baseUrl: url }).sum(stream, { timeout: 500 }));
    expect(state.given).toBeGreaterThan(0);
    expect(state.given).toBeLessThan(32 * MIB);
    expect(state.cancelled).toBe(true);
  });

  it('that the server refuses at its beginning fails with what the server says', async () => {
    const server = await serverForTest();
    const tally = new Tally({ baseUrl: server.url });
    const first = sevens();
    expect(await failureOf(tally.sum(first.stream))).toMatchObject({ code: 'missing_token' });
    await expect.poll(() => first.state.cancelled).toBe(true);

    await tally.authenticate('ada', 'x');
    const twice = sevens().stream.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        start: (controller) => controller.enqueue(Buffer.from('7')),
      }),
    );
    expect(await failureOf(tally.sum(twice))).toMatchObject({ code: 'malformed_json' });
  });

  it('that the server did not want to the end leaves no connection behind', async () => {
    let isOpen = true;
    const { url } = await faultServer((request, response) => {
      request.socket.once('close', () => {
        isOpen = false;
      });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"sha256":"x"}');
    });
    const { stream, state } = sevens();
    expect(await new Tally({ baseUrl: url }).sum(stream)).toBe('x');
    await expect.poll(() => [isOpen, state.cancelled]).toEqual([false, true]);
  });

  it('that never waits can still be aborted', async () => {
    const { url } = await startDrain();
    const most = 200_000;
    let given = 0;
    const chunk = new Uint8Array(1000);
    const eager = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (given++ < most) controller.enqueue(chunk);
        else controller.close();
      },
    });
    const signal = AbortSignal.timeout(300);
    expect(await failureOf(new Tally({ baseUrl: url }).sum(eager, { signal }))).toBe(signal.reason);
    expect(given).toBeLessThan(most);
  });

  it('is cancelled where the call was aborted before it began', async () => {
    const { stream, state } = sevens();
    const signal = AbortSignal.abort();
    const call = new Tally({ baseUrl: 'http://localhost' }).sum(stream, { signal });
    expect(await failureOf(call)).toBe(signal.reason);
    expect(state.cancelled).toBe(true);
  });

  it('that fails makes the call fail with its own error', async () => {
    const { url } = await faultServer((request) => void request.resume().on('error', () => {}));
    const reason = new Error('the disk is gone');
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(reason),
    });
    expect(await failureOf(new Tally({ baseUrl: url }).sum(broken))).toBe(reason);
  });

  it('of text is refused', async () => {
    const { url } = await faultServer((request) => void request.resume().on('error', () => {}));
    const text = ReadableStream.from(['[1]']) as unknown as ReadableStream<Uint8Array>;
    expect(await failureOf(new Tally({ baseUrl: url }).sum(text))).toMatchObject({
      name: 'TypeError',
      message: 'A chunk of the stream is not a Uint8Array.',
    });
  });

  it('that something else reads is refused', async () => {
    const { stream } = sevens();
    stream.getReader();
    const call = new Tally({ baseUrl: 'http://localhost' }).sum(stream);
    expect(await failureOf(call)).toBeInstanceOf(TypeError);
  });
});
