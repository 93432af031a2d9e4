import { createHash } from 'node:crypto';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawJson, Tally } from '../../../generated-client/src/index.ts';
import { openConnection, readAnswer, readToEnd } from '../../helpers/raw-http.ts';
import { guestToken, serverForTest, startServer, type TestServer } from '../../helpers/server.ts';

type RequestBody = NonNullable<RequestInit['body']>;

describe.each(['0', '2'])('with SUM_THREADS=%s', (threads) => {
  let server: TestServer;
  let token: string;
  beforeAll(async () => {
    server = await startServer({
      SUM_THREADS: threads,
      BODY_IDLE_TIMEOUT: '0.5',
      BODY_MIN_RATE: '5',
      SUM_MAX_BYTES: '5000000',
      SUM_MAX_RATIO: '10000',
      SUM_MAX_DEPTH: '1000',
      SUM_MAX_DIGITS: '100',
      SUM_MAX_EXPONENT: '50',
    });
    token = await guestToken(server);
  });
  afterAll(() => server.close());

  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const post = (body: RequestBody | null, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/sum`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body,
      duplex: 'half',
    } as RequestInit);
  const requestHead = (...lines: string[]) =>
    [
      'POST /sum HTTP/1.1',
      'host: localhost',
      `authorization: Bearer ${token}`,
      ...lines,
      '',
      '',
    ].join('\r\n');

  describe('POST /sum', () => {
    it.each([
      ['[1,2,3,4]', '10'],
      ['{"a":6,"b":4}', '10'],
      ['[0.1,0.2]', '0.3'],
      ['{"a":1,"a":2}', '3'],
      ['[1e50,-1e50,9007199254740993]', '9007199254740993'],
      ['"7"', '0'],
    ])('answers %s with the digest of %s', async (document, sum) => {
      const tally = new Tally({ baseUrl: server.url, token });
      expect(await tally.sum(rawJson(document))).toBe(sha256(sum));
    });

    it('answers with the digest alone', async () => {
      const response = await post('[1,2,3,4]');
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({
        sha256: '4a44dc15364204a80fe80e9039455cc1608281820fe2b24f1e5233ade6af1dd5',
      });
    });

    it.each([
      'application/json',
      'application/json; charset=utf-8',
      'Application/JSON',
      'application/vnd.api+json',
      'text/json',
      'application/x-www-form-urlencoded',
    ])('reads %s as JSON', async (type) => {
      expect(await (await post('[1,2]', { 'content-type': type })).json()).toEqual({
        sha256: sha256('3'),
      });
    });

    it('reads a body without a content type as JSON', async () => {
      const socket = await openConnection(server.url);
      socket.write(`${requestHead('content-length: 5', 'connection: close')}[1,2]`);
      const answer = await readAnswer(socket);
      expect(JSON.parse(answer.body)).toEqual({ sha256: sha256('3') });
    });

    it.each([
      'text/plain',
      'application/xml',
      'multipart/form-data; boundary=x',
      'application/jsonx',
      '+json',
    ])('refuses %s', async (type) => {
      const response = await post('[1,2]', { 'content-type': type });
      expect(response.status).toBe(415);
      expect(await response.json()).toMatchObject({ code: 'unsupported_media_type' });
    });

    it('says what is malformed, and at which byte', async () => {
      const response = await post('{"a":[1,2}');
      expect(response.status).toBe(400);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(await response.json()).toMatchObject({
        code: 'malformed_json',
        detail: expect.stringMatching(/^At byte 9: unexpected byte 0x7D/),
      });
    });

    it('refuses parameters in the query', async () => {
      const response = await fetch(`${server.url}/sum?exact=1`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: '[1,2]',
      });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'validation_failed' });
    });

    it('refuses an empty body', async () => {
      const response = await post('');
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        code: 'malformed_json',
        detail: expect.stringContaining('At byte 0'),
      });
    });

    it.each([
      ['nesting', `${'['.repeat(1001)}`, 'too_deep'],
      ['digits', '1'.repeat(101), 'number_out_of_range'],
      ['exponent', '[1e51]', 'number_out_of_range'],
    ])('refuses a document past its limit on %s', async (_, document, code) => {
      const response = await post(document);
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({ code });
    });
  });

  describe('an encoded document', () => {
    const document = `[${Array.from({ length: 100_000 }, (_, i) => i)}]`;
    const digest = sha256(`${(100_000 * 99_999) / 2}`);
    const encoded: [string, Buffer][] = [
      ['gzip', gzipSync(document)],
      ['x-gzip', gzipSync(document)],
      ['deflate', deflateSync(document)],
      ['br', brotliCompressSync(document)],
      ['zstd', zstdCompressSync(document)],
      ['identity', Buffer.from(document)],
      ['GZIP', gzipSync(document)],
    ];

    it.each(encoded)('is decoded from %s', async (coding, body) => {
      const response = await post(new Uint8Array(body), { 'content-encoding': coding });
      expect(await response.json()).toEqual({ sha256: digest });
    });

    it.each(encoded.slice(0, 5))(
      'is refused where its %s is cut short, empty or none',
      async (coding, body) => {
        for (const bad of [
          body.subarray(0, body.length - 5),
          Buffer.alloc(0),
          Buffer.from('[1,2]'),
        ]) {
          const response = await post(new Uint8Array(bad), { 'content-encoding': coding });
          expect(response.status).toBe(400);
          expect(await response.json()).toMatchObject({
            code: expect.stringMatching(/^malformed_/),
          });
        }
      },
    );

    it.each([
      ['gzip', gzipSync(document)],
      ['deflate', deflateSync(document)],
    ])('is refused where the checksum of its %s does not hold', async (coding, body) => {
      body[body.length - 6]! ^= 0xff;
      body[body.length - 2]! ^= 0xff;
      const response = await post(new Uint8Array(body), { 'content-encoding': coding });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'malformed_content_encoding' });
    });

    it.each(['compress', 'gzip, br', '__proto__', 'constructor'])(
      'is refused in the coding %s',
      async (coding) => {
        const response = await post('x', { 'content-encoding': coding });
        expect(response.status).toBe(415);
        expect(response.headers.get('accept-encoding')).toBe('gzip, deflate, br, zstd');
        expect(await response.json()).toMatchObject({ code: 'unsupported_content_encoding' });
      },
    );

    it('counts against the size limit as decoded', async () => {
      const bomb = gzipSync(`[${' '.repeat(6_000_000)}]`);
      expect(bomb.length).toBeLessThan(10_000);
      const response = await post(new Uint8Array(bomb), { 'content-encoding': 'gzip' });
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({ code: 'document_too_large' });
    });
  });

  describe('a body that is refused', () => {
    const large = `[${' '.repeat(5_000_000)}]`;

    it.each([
      ['announced', { 'content-length': String(large.length) }, large],
      [
        'streamed',
        {},
        new ReadableStream({
          start: (controller) => controller.enqueue(Buffer.from('[')),
          pull: (controller) => controller.enqueue(Buffer.alloc(100_000, ' ')),
        }),
      ],
    ])('for its size, %s, still gets its answer', async (_, headers, body) => {
      const response = await post(body as RequestBody, headers as Record<string, string>);
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({ code: 'document_too_large' });
    });

    it('is not read before the token is checked', async () => {
      const socket = await openConnection(server.url);
      const head = requestHead('content-length: 1000000', 'expect: 100-continue').replace(
        token,
        'x',
      );
      socket.write(head);
      const text = await readToEnd(socket);
      expect(text).toMatch(/^HTTP\/1\.1 401 /);
      expect(text).not.toContain('100 Continue');
    });

    it('is invited once the token is good', async () => {
      const socket = await openConnection(server.url);
      socket.write(requestHead('content-length: 3', 'expect: 100-continue', 'connection: close'));
      const invitation = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
      expect(invitation.toString()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
      socket.write('[5]');
      const answer = await readAnswer(socket);
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.body)).toEqual({ sha256: sha256('5') });
    });

    it('is refused for an unknown expectation', async () => {
      const socket = await openConnection(server.url);
      socket.write(`${requestHead('content-length: 3', 'expect: tea', 'connection: close')}[5]`);
      const answer = await readAnswer(socket);
      expect(answer.status).toBe(417);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'expectation_failed' });
    });

    it.each(['Bearer x', ''])(
      'sends the whole answer while a client goes on sending (%j)',
      async (credentials) => {
        const socket = await openConnection(server.url);
        socket.write(
          `POST /sum HTTP/1.1\r\nhost: x\r\nauthorization: ${credentials}\r\ncontent-length: 300000000\r\n\r\n`,
        );
        let answer = '';
        socket.setEncoding('utf8').on('data', (text) => {
          answer += text;
        });
        const piece = Buffer.alloc(1_000_000, 0x20);
        const closed = new Promise((resolve) => socket.once('close', resolve));
        for (let sent = 0; sent < 50 && socket.writable; sent++) {
          if (!socket.write(piece)) {
            await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed]);
          }
        }
        socket.destroy();
        expect(answer).toMatch(/^HTTP\/1\.1 401 /);
        expect(answer).toMatch(/"code":"(invalid|missing)_token"/);
      },
    );
  });

  describe('a client that', () => {
    it.each([
      ['in the middle of a document', '[1,2,'],
      ['before the first byte', ''],
    ])('stalls %s is cut off with a 408', async (_, sent) => {
      const socket = await openConnection(server.url);
      socket.write(requestHead('content-length: 100') + sent);
      const started = Date.now();
      const answer = await readAnswer(socket);
      expect(answer.status).toBe(408);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'request_timeout' });
      expect(Date.now() - started).toBeLessThan(5000);
    });

    it('stalls in another body is cut off as well', async () => {
      const socket = await openConnection(server.url);
      socket.write(
        'POST /auth HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{',
      );
      const answer = await readAnswer(socket);
      expect(answer.status).toBe(408);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'request_timeout' });
    });

    it('is slow but steady is served', async () => {
      const socket = await openConnection(server.url);
      socket.write(requestHead('content-length: 10', 'connection: close'));
      for (const byte of '[1,2,3,44]') {
        await new Promise((resolve) => setTimeout(resolve, 100));
        socket.write(byte);
      }
      expect(JSON.parse((await readAnswer(socket)).body)).toEqual({ sha256: sha256('50') });
    });

    it('breaks off leaves nothing behind', async () => {
      const other = await serverForTest();
      const auth = await guestToken(other);
      const sockets = await Promise.all(
        Array.from({ length: 50 }, async () => {
          const socket = await openConnection(other.url);
          socket.write(
            `POST /sum HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${auth}\r\ncontent-length: 999\r\n\r\n[1,2`,
          );
          return socket;
        }),
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
      for (const socket of sockets) socket.destroy();
      await expect.poll(() => other.logs().match(/"msg":"the client /g)?.length).toBe(50);
      const open = await new Promise((resolve) =>
        other.app.server.getConnections((_, count) => resolve(count)),
      );
      expect(open).toBeLessThanOrEqual(1);
      expect(other.logs().match(/"level":[56]0.*/)).toBeNull();
    });
  });

  it.each([
    ['as it is', 'identity', (document: Buffer) => document],
    ['compressed', 'gzip', (document: Buffer) => gzipSync(document)],
  ])('sums a document that arrives byte by byte, %s', async (_, coding, encode) => {
    const numbers = Array.from({ length: 20_000 }, (_, i) => i);
    const bytes = encode(Buffer.from(JSON.stringify(numbers))).toString('latin1');
    const head = requestHead(
      'transfer-encoding: chunked',
      `content-encoding: ${coding}`,
      'connection: close',
    );
    const socket = await openConnection(server.url);
    socket.write(`${head}${bytes.replace(/[\s\S]/g, '1\r\n$&\r\n')}0\r\n\r\n`, 'latin1');
    expect(JSON.parse((await readAnswer(socket)).body)).toEqual({ sha256: sha256('199990000') });
  });

  it('sums documents that arrive at the same time, each for itself', async () => {
    // A busy machine may stall uploads for longer than the other server allows.
    const patient = await serverForTest({ SUM_THREADS: threads });
    const authorization = `Bearer ${await guestToken(patient)}`;
    const headers = { authorization, 'content-type': 'application/json' };
    const digests = await Promise.all(
      Array.from({ length: 100 }, async (_, i) => {
        const pieces = [`[${i}`, ',1', '000]'];
        const body = new ReadableStream({
          async pull(controller) {
            await new Promise((resolve) => setTimeout(resolve, i % 7));
            const piece = pieces.shift();
            if (piece) controller.enqueue(Buffer.from(piece));
            else controller.close();
          },
        });
        const request = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
        const response = await fetch(`${patient.url}/sum`, request);
        return ((await response.json()) as { sha256: string }).sha256;
      }),
    );
    expect(digests).toEqual(Array.from({ length: 100 }, (_, i) => sha256(`${i + 1000}`)));
  });

  describe('a large document', () => {
    const items = '[1.5,"abc",{"k":[-0.5]}],'.repeat(80_000);
    const ways: [string, (text: string) => RequestBody][] = [
      ['that says its length', (text) => text],
      ['that does not', (text) => new Blob([text]).stream()],
    ];

    it.each(ways)('%s is summed', async (_, bodyOf) => {
      const response = await post(bodyOf(`[${items}0]`));
      expect(await response.json()).toEqual({ sha256: sha256('80000') });
    });

    it.each(ways)('%s is refused at its fault, wherever that is', async (_, bodyOf) => {
      for (const [before, after] of [
        ['', items],
        [items.slice(0, 1_000_000), items],
        [items, '0]'],
      ] as const) {
        const response = await post(bodyOf(`[${before}?${after}`));
        expect(response.status).toBe(400);
        expect(await response.json()).toMatchObject({
          code: 'malformed_json',
          detail: expect.stringContaining(`At byte ${before.length + 1}:`),
        });
      }
      const response = await post(bodyOf(`[${items}`));
      expect(await response.json()).toMatchObject({
        detail: expect.stringContaining(`At byte ${items.length + 1}: unexpected end`),
      });
    });

    it('leaves those beside it as they are when it is refused or breaks off', async () => {
      const broken = new ReadableStream({
        start: (controller) => controller.enqueue(Buffer.from(`[${items}`)),
        pull: (controller) => controller.error(new Error('broken')),
      });
      const [first, refused, lost, last] = await Promise.all([
        post(`[${items}1]`),
        post(`[${items}${items}}`),
        post(broken).catch((error: Error) => error.name),
        post(`[${items}2]`),
      ]);
      expect(await first.json()).toEqual({ sha256: sha256('80001') });
      expect(refused.status).toBe(400);
      expect(lost).toBe('TypeError');
      expect(await last.json()).toEqual({ sha256: sha256('80002') });
    });
  });
});
