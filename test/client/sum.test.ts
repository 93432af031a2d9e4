import { createHmac, hash } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  ApiError,
  type PathTotal,
  rawJson,
  type SumDetail,
  type SumDetails,
  type SumDocument,
  Tally,
} from '../../generated-client/src/index.ts';
import { startServer, type TestServer } from '../helpers/server.ts';
import { failureOf } from './fault-server.ts';

let server: TestServer;
let tally: Tally;
beforeAll(async () => {
  server = await startServer();
  tally = new Tally({ baseUrl: server.url });
  await tally.authenticate('ada', 'secret');
});
afterAll(() => server.close());

const digestOf = (sum: string) => hash('sha256', sum);
const bytes = (text: string) => new TextEncoder().encode(text);
const streamOf = (...chunks: string[]) =>
  ReadableStream.from(chunks.map(bytes)) as ReadableStream<Uint8Array>;

describe('sum', () => {
  class Price {
    readonly amount = 2;
  }
  it.each<[string, SumDocument, string]>([
    ['an array', [1, 2, 3, 4], '10'],
    ['an object', { a: 6, b: 4 }, '10'],
    ['a fraction', [0.1, 0.2], '0.3'],
    ['a number', 7.5, '7.5'],
    ['a large number', 1e21, '1000000000000000000000'],
    ['a string', '7', '0'],
    ['null', null, '0'],
    ['false', false, '0'],
    ['a bigint', 9007199254740993n, '9007199254740993'],
    ['a nested bigint', { a: [{ b: -9007199254740993n }, 1n] }, '-9007199254740992'],
    ['an instance of a class', [new Price(), Object.assign(Object.create(null), { x: 1 })], '3'],
    ['a date, which is text', [new Date(0), 1], '1'],
    ['an object with toJSON', { toJSON: () => [5n] }, '5'],
    ['boxed values', [Object(1), Object(2n), Object('3'), Object(true)], '3'],
    ['marked text', rawJson(' [9007199254740993, 0.10] '), '9007199254740993.1'],
    ['bytes', bytes('[1e400,-1e400,2]'), '2'],
    ['a Buffer', Buffer.from('[1,2]'), '3'],
    ['an ArrayBuffer', bytes('[1,2]').buffer, '3'],
    ['a Blob', new Blob(['[1,', '2]'], { type: 'text/plain' }), '3'],
    ['a File', new File(['{"a":1,"a":2}'], 'a.json'), '3'],
    ['a stream', streamOf('[9007199254740993,', '-0.', '5]'), '9007199254740992.5'],
  ])('takes %s', async (_, document, sum) => {
    expect(await tally.sum(document)).toBe(digestOf(sum));
  });

  it('adds bigints even where a program gives them a toJSON that makes text', async () => {
    const prototype = BigInt.prototype as { toJSON?: () => string };
    prototype.toJSON = function () {
      return this.toString();
    };
    onTestFinished(() => {
      delete prototype.toJSON;
    });
    expect(await tally.sum([1n, { a: 2n }])).toBe(digestOf('3'));
  });

  it('takes a file as a Blob and as a stream', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tally-client-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'numbers.json');
    await writeFile(path, JSON.stringify(Array.from({ length: 300_000 }, (_, index) => index)));
    const expected = digestOf(String((299_999 * 300_000) / 2));
    expect(await tally.sum(await openAsBlob(path))).toBe(expected);
    const stream = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
    expect(await tally.sum(stream)).toBe(expected);
  });

  it('sends headers of one call, such as the encoding of the document', async () => {
    const zipped = streamOf('[1,2,3,4]').pipeThrough(new CompressionStream('gzip'));
    const headers = { 'content-encoding': 'gzip' };
    expect(await tally.sum(zipped, { headers })).toBe(digestOf('10'));
  });

  it('tells what the server refuses, and where', async () => {
    const error = await failureOf(tally.sum(rawJson('[1,]')));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 400,
      code: 'malformed_json',
      title: 'Bad Request',
      detail: expect.stringContaining('byte 3'),
      requestId: expect.stringMatching(/^[\w-]{36}$/),
      errors: [],
      retryAfter: undefined,
    });
    expect((error as ApiError).headers.get('x-request-id')).toBe((error as ApiError).requestId);
  });

  it('needs a token', async () => {
    const stranger = new Tally({ baseUrl: server.url });
    for (const document of [[1], streamOf('[1,2]'), new Uint8Array(2 ** 22)]) {
      expect(await failureOf(stranger.sum(document))).toMatchObject({
        status: 401,
        code: 'missing_token',
      });
    }
  });
});

describe('sumDetails', () => {
  const order = { lines: [{ price: 19.99 }, { price: 5n }] };
  const path = '$.lines[*].price';

  it('returns what is included, with its type', async () => {
    const sha256 = digestOf('24.99');
    const digest: SumDetails = await tally.sumDetails(order);
    expect(digest).toEqual({ sha256 });
    const { sum, count }: { sum: string; count: number } = await tally.sumDetails(order, {
      include: ['sum', 'count'],
    });
    expect([sum, count]).toEqual(['24.99', 2]);
    const { paths }: { paths: PathTotal[] } = await tally.sumDetails(order, { include: ['paths'] });
    expect(paths).toEqual([{ path, count: 2, sha256 }]);
    // @ts-expect-error it was not included, and so may be missing
    const missing: string = (await tally.sumDetails(order, { include: ['count'] })).sum;
    expect(missing).toBeUndefined();
    const chosen: SumDetail[] = ['sum'];
    // @ts-expect-error a list that is only known at run time may lack it
    const perhaps: string = (await tally.sumDetails(order, { include: chosen })).sum;
    expect(perhaps).toBe('24.99');
    // @ts-expect-error there is no such detail
    const unknown = await failureOf(tally.sumDetails(order, { include: ['total'] }));
    expect(unknown).toMatchObject({ code: 'validation_failed', errors: [{ path: '/include' }] });
  });

  it('takes lines and sequences as bytes, blobs, streams and marked text', async () => {
    const lines = '{"n":1}\r\n\n{"n":2}';
    const documents = [
      bytes(lines),
      new Blob([lines]),
      streamOf('{"n":', '1}\n{"n":2}'),
      rawJson(lines),
    ];
    for (const document of documents) {
      const { paths } = await tally.sumDetails(document, {
        format: 'lines',
        include: ['sum', 'paths'],
      });
      expect(paths).toEqual([{ path: '$[*].n', count: 2, sha256: digestOf('3'), sum: '3' }]);
    }
    const sequence = await tally.sumDetails(rawJson('\x1e1\n\x1e[2]\n'), {
      format: 'sequence',
      include: ['sum'],
    });
    expect(sequence.sum).toBe('3');
    const error = await failureOf(tally.sumDetails(rawJson('1\n]'), { format: 'lines' }));
    expect(error).toMatchObject({ detail: expect.stringMatching(/^At line 2, byte 2: /) });
  });

  it('collapses maps whose names have any characters', async () => {
    const document = { 'a&b': { x: 1, y: 2 }, 'c,d': { z: 3 } };
    const { paths } = await tally.sumDetails(document, {
      include: ['paths'],
      collapse: ["$['a&b']", "$['c,d']"],
    });
    expect(paths.map((total) => total.path)).toEqual(["$['a&b'][*]", "$['c,d'][*]"]);
  });

  it('takes a key as bytes or text', async () => {
    const key = new Uint8Array(32).fill(0xfb);
    const hmac = createHmac('sha256', key).update('24.99').digest('hex');
    const text = Buffer.from(key).toString('base64url');
    for (const given of [key, text]) {
      expect(await tally.sumDetails(order, { key: given })).toEqual({ hmac_sha256: hmac });
    }
  });

  it('refuses a key that is none without repeating it, and before it is sent', async () => {
    const keys = ['short', 'x'.repeat(87), `${'secret'.repeat(5)}\n`, new Uint8Array(15)];
    for (const key of [...keys, new Uint8Array(65), new Uint8Array(10_000_000)]) {
      const error = await failureOf(tally.sumDetails(order, { key }));
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toBe(
        'key must be 16 to 64 bytes, or their base64url without padding',
      );
    }
  });

  it('refuses values that are no lines, and formats that there are not', async () => {
    const text = await failureOf(tally.sumDetails('1\n2', { format: 'lines' }));
    expect(text).toMatchObject({ message: expect.stringContaining('rawJson(text)') });
    const format = 'csv' as 'lines';
    const other = await failureOf(tally.sumDetails(bytes('1'), { format }));
    expect(other).toMatchObject({ message: 'format must be one of json, lines, sequence' });
  });

  it('takes the options of any call', async () => {
    const zipped = streamOf('1\n2\n').pipeThrough(new CompressionStream('gzip'));
    const headers = { 'content-encoding': 'gzip' };
    const options = { format: 'lines', include: ['count'], headers } as const;
    expect((await tally.sumDetails(zipped, options)).count).toBe(2);
    const signal = AbortSignal.abort(new Error('enough'));
    expect(await failureOf(tally.sumDetails(order, { signal }))).toMatchObject({
      message: 'enough',
    });
  });
});

describe('authenticate', () => {
  it('keeps the token and returns it, ready for another client', async () => {
    const first = new Tally({ baseUrl: `${server.url}/` });
    const token = await first.authenticate('Zoë 李', 'secret');
    expect(token).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'sum' });
    expect(decodeJwt(token.access_token).sub).toBe('Zoë 李');
    expect(await first.sum([1])).toBe(digestOf('1'));
    const second = new Tally({ baseUrl: server.url, token: token.access_token });
    expect(await second.sum([2])).toBe(digestOf('2'));
  });

  it('shares the token with the clients that come from it', async () => {
    const first = new Tally({ baseUrl: server.url });
    const second = first.with({ timeout: 10_000 });
    await second.authenticate('ada', 'secret');
    expect(await first.sum([1])).toBe(digestOf('1'));
  });

  it('names the fields that the server refuses', async () => {
    expect(await failureOf(tally.authenticate(' ', 'x'))).toMatchObject({
      status: 400,
      code: 'validation_failed',
      errors: [{ path: '/username', message: 'must not be blank' }],
    });
  });
});

describe('the other operations', () => {
  it('are there by their resources', async () => {
    expect(await tally.health.checkReadiness()).toEqual({ status: 'ok' });
    expect(await tally.health.checkLiveness()).toEqual({ status: 'ok' });
    expect((await tally.auth.getSigningKeys()).keys).toHaveLength(1);
    expect((await tally.auth.getOpenidConfiguration()).issuer).toBe(server.url);
  });
});
