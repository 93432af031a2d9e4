import { describe, expect, it } from 'vitest';
import { Tally } from '../../generated-client/src/index.ts';
import { answers, failureOf, faultServer } from './fault-server.ts';

const MEGABYTE = Buffer.alloc(1_000_000, ' ');

/** A server that sends 300 MB, and tells how much of it was taken. */
async function endlessServer(status: number, type: string) {
  const sent = { bytes: 0, closed: false };
  const { url } = await faultServer((request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': type });
    response.on('close', () => {
      sent.closed = true;
    });
    const give = () => {
      while (sent.bytes < 300_000_000 && !response.destroyed) {
        sent.bytes += MEGABYTE.length;
        if (!response.write(MEGABYTE)) return response.once('drain', give);
      }
      return response.end();
    };
    give();
  });
  return { url, sent };
}

describe('an answer of 300 MB', () => {
  it.each([
    ['JSON', 200, 'application/json'],
    ['a problem', 500, 'application/problem+json'],
    ['a file', 200, 'image/jpeg'],
  ])('is not read whole: %s', async (_, status, type) => {
    const { url, sent } = await endlessServer(status, type);
    const tally = new Tally({ baseUrl: url, token: 'x' });
    const isFile = type === 'image/jpeg';
    const call = isFile ? tally.images.download('i', '200px') : tally.health.checkLiveness();
    expect(await failureOf(call)).toMatchObject({
      name: 'ApiError',
      status,
      code: 'response_too_large',
      detail: expect.stringContaining('maxResponseBytes'),
    });
    await expect.poll(() => sent.closed).toBe(true);
    expect(sent.bytes).toBeLessThan(100_000_000);
  });

  it('can be read as a stream', async () => {
    const { url } = await endlessServer(200, 'image/jpeg');
    const { images } = new Tally({ baseUrl: url, token: 'x', maxResponseBytes: 1 });
    let bytes = 0;
    for await (const chunk of await images.stream('i', 'original')) {
      bytes += chunk.byteLength;
      if (bytes > 80_000_000) break;
    }
    expect(bytes).toBeGreaterThan(80_000_000);
  });
});

describe('maxResponseBytes', () => {
  const body = '{"sha256":"x"}';

  it('counts bytes, for the client and for one call', async () => {
    const { url } = await faultServer(answers({ status: 200, body }));
    const tally = new Tally({ baseUrl: url, maxResponseBytes: body.length });
    expect(await tally.sum([1])).toBe('x');
    const limit = { maxResponseBytes: body.length - 1 };
    expect(await failureOf(tally.sum([1], limit))).toMatchObject({ code: 'response_too_large' });
    expect(await tally.with({ maxResponseBytes: Infinity }).sum([1])).toBe('x');
  });

  it.each([0, -1, Number.NaN, '5'])('cannot be %j', (maxResponseBytes) => {
    const options = { baseUrl: 'http://localhost', maxResponseBytes: maxResponseBytes as number };
    expect(() => new Tally(options)).toThrow(RangeError);
  });
});
