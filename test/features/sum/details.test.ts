import { createHmac, hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange, openConnection, readAnswer } from '../../helpers/raw-http.ts';
import { guestToken, serverForTest, startServer, type TestServer } from '../../helpers/server.ts';
import { documentOf, type SumVector, spelled, sumVectors } from '../../helpers/sum-vectors.ts';

type Body = string | Buffer | ReadableStream;

const KEY = Buffer.from('a key of 16 to 64 bytes').toString('base64url');
const sha256 = (sum: string) => hash('sha256', sum);
const hmac = (sum: string) =>
  createHmac('sha256', Buffer.from(KEY, 'base64url')).update(sum).digest('hex');
const ORDER = '{"lines":[{"price":19.99},{"price":5}],"id":"A"}';
const TYPES = {
  json: 'application/json',
  lines: 'application/jsonl',
  sequence: 'application/json-seq',
};

async function post(
  { url, token }: { url: string; token: string },
  query: string,
  body: Body,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${url}/sum${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body,
    duplex: 'half',
  } as RequestInit);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
}

async function serverWithToken(environment: Record<string, string>) {
  const server = await serverForTest(environment);
  return { ...server, token: await guestToken(server) };
}

describe.each(['0', '2'])('with SUM_THREADS=%s', (threads) => {
  let server: TestServer & { token: string };
  beforeAll(async () => {
    const started = await startServer({ SUM_THREADS: threads });
    server = { ...started, token: await guestToken(started) };
  });
  afterAll(() => server.close());

  it('answers with what was asked for, in one order, and nothing else', async () => {
    const digest = `"sha256":"${sha256('24.99')}"`;
    const place = `{"path":"$.lines[*].price","count":2,${digest}`;
    const answers: [query: string, answer: string][] = [
      ['', `{${digest}}`],
      ['?include=sum', `{${digest},"sum":"24.99"}`],
      ['?include=count', `{${digest},"count":2}`],
      ['?include=paths', `{${digest},"paths":[${place}}]}`],
      ['?include=count,sum', `{${digest},"sum":"24.99","count":2}`],
      [
        '?include=paths,count,sum',
        `{${digest},"sum":"24.99","count":2,"paths":[${place},"sum":"24.99"}]}`,
      ],
      ['?include=sum%2Cpaths', `{${digest},"sum":"24.99","paths":[${place},"sum":"24.99"}]}`],
    ];
    for (const [query, answer] of answers) {
      const { status, headers, text } = await post(server, query, ORDER);
      expect({ status, text }, query).toEqual({ status: 200, text: answer });
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    }
  });

  it('collapses the objects that are named, as often as wanted', async () => {
    const document = '{"users":{"u1":{"a b":1},"u2":{"a b":2}},"é":{"x":3}}';
    const query = new URLSearchParams([
      ['include', 'sum,paths'],
      ['collapse', '$.users'],
      ['collapse', "$['é']"],
    ]);
    const { body } = await post(server, `?${query}`, document);
    expect(body.paths).toEqual([
      { path: "$.users[*]['a b']", count: 2, sha256: sha256('3'), sum: '3' },
      { path: '$.é[*]', count: 1, sha256: sha256('3'), sum: '3' },
    ]);
  });

  it('gives the totals of documents of all sizes, whose length is known or not', async () => {
    for (const count of [3, 100, 5000, 50_000]) {
      const document = `[${'{"a":1,"b":{"c":0.5}},'.repeat(count)}7]`;
      const paths = [
        { path: '$[*]', count: 1, sum: '7' },
        { path: '$[*].a', count, sum: String(count) },
        { path: '$[*].b.c', count, sum: String(count / 2) },
      ];
      const expected = {
        sha256: sha256(String(1.5 * count + 7)),
        sum: String(1.5 * count + 7),
        count: 2 * count + 1,
        paths: paths.map((total) => ({ ...total, sha256: sha256(total.sum) })),
      };
      const query = '?include=sum,count,paths';
      expect((await post(server, query, document)).body).toEqual(expected);
      expect((await post(server, query, new Blob([document]).stream())).body).toEqual(expected);
      const zipped = await post(server, query, gzipSync(document), { 'content-encoding': 'gzip' });
      expect(zipped.body).toEqual(expected);
    }
  });

  it('gives keyed digests with a Sum-Key, and does not repeat the key', async () => {
    const query = '?include=sum,paths';
    for (const document of [ORDER, `${' '.repeat(2 ** 21)}${ORDER}`]) {
      const { text, headers } = await post(server, query, document, { 'Sum-Key': KEY });
      const digest = `"hmac_sha256":"${hmac('24.99')}","sum":"24.99"`;
      expect(text).toBe(`{${digest},"paths":[{"path":"$.lines[*].price","count":2,${digest}}]}`);
      expect(JSON.stringify([...headers])).not.toContain(KEY);
      const plain = await post(server, '', document, { 'sum-key': KEY });
      expect(plain.text).toBe(`{"hmac_sha256":"${hmac('24.99')}"}`);
    }
  });

  it.each([16, 17, 18, 63, 64])('takes a key of %i bytes', async (length) => {
    const key = Buffer.alloc(length, 0xfb);
    const { body } = await post(server, '', '[1]', { 'sum-key': key.toString('base64url') });
    expect(body).toEqual({ hmac_sha256: createHmac('sha256', key).update('1').digest('hex') });
  });

  it('answers every published vector', async () => {
    const vectors = sumVectors.cases.filter(({ limits }) => !limits);
    expect(vectors.length).toBeGreaterThan(100);
    for (const vector of vectors) {
      const { format = 'json', include = [], collapse = [], key, name } = vector;
      const query = new URLSearchParams(
        collapse.map((path): [string, string] => ['collapse', path]),
      );
      if (include.length > 0) query.set('include', include.join(','));
      const headers = { 'content-type': TYPES[format], ...(key && { 'sum-key': key }) };
      const { status, body } = await post(server, `?${query}`, documentOf(vector), headers);
      if (vector.answer) expect(spelledAnswer(body), name).toEqual(expectedAnswer(vector));
      else expect({ isRefused: status >= 400, ...body }, name).toMatchObject(expectedError(vector));
    }
  }, 60_000);
});

/** Returns the details that were asked for, and the digest. */
function expectedAnswer({ answer, include = [] }: SumVector) {
  const { paths, sum, count, ...digest } = answer!;
  const all = { sum, count, paths };
  return { ...digest, ...Object.fromEntries(include.map((detail) => [detail, all[detail]])) };
}

/** Returns an answer as the vectors have it. */
function spelledAnswer({ paths, ...answer }: { paths?: { path: string }[] }) {
  const totals = paths?.map(({ path, ...total }) => ({ ...spelled(path), ...total }));
  return { ...answer, ...(totals && { paths: totals }) };
}

function expectedError({ error, format }: SumVector) {
  const { code, offset, line } = error!;
  const unit = format === 'lines' ? 'line' : 'record';
  const place = line === undefined ? '' : `${unit} ${line}, `;
  const detail = expect.stringMatching(new RegExp(`^At ${place}byte ${offset}: `));
  return { isRefused: true, code, detail };
}

describe('a request that breaks a rule', () => {
  let server: TestServer & { token: string };
  beforeAll(async () => {
    const started = await startServer();
    server = { ...started, token: await guestToken(started) };
  });
  afterAll(() => server.close());

  const list = 'must be one comma-separated list of sum, count, paths, each at most once';
  const path = (text: string) => `${JSON.stringify(text)} is not a path such as $.orders[*].lines`;
  it.each([
    ['include=', '/include', list],
    ['include=total', '/include', list],
    ['include=Sum', '/include', list],
    ['include=sum,sum', '/include', list],
    ['include=sum,,count', '/include', list],
    ['include=sum,', '/include', list],
    ['include=sum, count', '/include', list],
    ['include=sum&include=count', '/include', list],
    ['include=constructor', '/include', list],
    ['collapse=$.a', '/collapse', 'needs include=paths'],
    ['include=sum&collapse=$.a', '/collapse', 'needs include=paths'],
    ['include=paths&collapse=', '/collapse', path('')],
    ['include=paths&collapse=users', '/collapse', path('users')],
    ['include=paths&collapse=$.a&collapse=$.a[0]', '/collapse', path('$.a[0]')],
    ['include=paths&collapse=$..a', '/collapse', path('$..a')],
    ["include=paths&collapse=$['\\x']", '/collapse', path("$['\\x']")],
    [`include=paths${'&collapse=$.a'.repeat(101)}`, '/collapse', 'must be given at most 100 times'],
    [
      `include=paths&collapse=$.${'a'.repeat(999)}`,
      '/collapse',
      'must have at most 1000 characters',
    ],
    ['exact=1', '/', 'must have no query parameters but include and collapse'],
    ['include=sum&key=x', '/', 'must have no query parameters but include and collapse'],
    ['Include=sum', '/', 'must have no query parameters but include and collapse'],
    ['include[]=sum', '/', 'must have no query parameters but include and collapse'],
  ])('is refused with what is right: ?%s', async (query, name, message) => {
    const { status, body } = await post(server, `?${encodeURI(query)}`, '[1]');
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'validation_failed', errors: [{ path: name }] });
    expect(body.errors[0].message).toContain(message);
  });

  it('may name a hundred paths, or one of a thousand characters', async () => {
    for (const query of ['&collapse=$.a'.repeat(100), `&collapse=$.${'a'.repeat(998)}`]) {
      expect((await post(server, `?include=paths${query}`, '[1]')).status).toBe(200);
    }
  });

  it.each([
    ['empty', ''],
    ['15 bytes', Buffer.alloc(15, 1).toString('base64url')],
    ['65 bytes', Buffer.alloc(65, 1).toString('base64url')],
    ['padded', `${Buffer.alloc(16, 1).toString('base64url')}==`],
    ['base64', Buffer.alloc(18, 0xfb).toString('base64')],
    ['a byte cut in two', `${Buffer.alloc(18, 1).toString('base64url')}A`],
    ['bits beyond its last byte', `${Buffer.alloc(16, 0).toString('base64url').slice(0, -1)}B`],
    ['other characters', `${'A'.repeat(22)}!`],
    ['16,000 characters', 'A'.repeat(15_000)],
  ])('is refused with a key that is %s', async (_, key) => {
    const { status, body, text } = await post(server, '', '[1]', { 'sum-key': key });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: 'validation_failed',
      errors: [
        { path: '/Sum-Key', message: expect.stringContaining('16 to 64 bytes as base64url') },
      ],
    });
    if (key) expect(text).not.toContain(key);
  });

  it('is refused with two keys, and told of all that is wrong', async () => {
    const answer = await exchange(
      server.url,
      `POST /sum?include=x&collapse=y HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${server.token}\r\nsum-key: ${KEY}\r\nSum-Key: ${KEY}\r\nconnection: close\r\ncontent-length: 3\r\n\r\n[1]`,
    );
    expect(answer.status).toBe(400);
    const { errors } = JSON.parse(answer.body);
    const paths = errors.map((error: { path: string }) => error.path);
    expect(paths).toEqual(['/include', '/collapse', '/Sum-Key']);
  });

  it.each(['?include=x', '?include=paths&collapse=x'])(
    'is refused before its body has come: %s',
    async (query) => {
      const socket = await openConnection(server.url);
      socket.write(
        `POST /sum${query} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${server.token}\r\ncontent-length: 100000000\r\n\r\n`,
      );
      const answer = await readAnswer(socket);
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'validation_failed' });
    },
  );

  it('needs a token before anything else', async () => {
    const stranger = { url: server.url, token: 'x' };
    const { status } = await post(stranger, '?include=x', '[1]', { 'sum-key': 'x' });
    expect(status).toBe(401);
  });
});

it('never logs a key, whatever becomes of its request', async () => {
  const server = await serverWithToken({ LOG_LEVEL: 'trace', BODY_IDLE_TIMEOUT: '0.2' });
  const headers = { 'sum-key': KEY };
  const statuses = [
    await post(server, '?include=sum', '[1]', headers),
    await post(server, '', '[1', headers),
    await post(server, '', '[1', { 'sum-key': `${KEY}=` }),
    await post(server, `?${KEY}=1`, '[1]', headers),
    await post(server, `?include=${KEY}`, '[1]'),
    await post(server, '', '[1]', { ...headers, 'content-type': 'text/plain' }),
    await post({ ...server, token: 'x' }, '', '[1]', headers),
  ].map(({ status }) => status);
  expect(statuses).toEqual([200, 400, 400, 400, 400, 415, 401]);
  const head = (path: string, length: number) =>
    `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${server.token}\r\nsum-key: ${KEY}\r\ncontent-length: ${length}\r\n`;
  // One that stalls, one that is not HTTP, one to a path that is not there, one that breaks off, and one that fails.
  expect((await exchange(server.url, `${head('/sum', 9)}\r\n[1`)).status).toBe(408);
  expect((await exchange(server.url, `${head('/sum', 9)}broken\r\n\r\n`)).status).toBe(400);
  const lost = await exchange(server.url, `${head('/sums', 3)}connection: close\r\n\r\n[1]`);
  expect(lost.status).toBe(404);
  const socket = await openConnection(server.url);
  socket.write(`${head('/sum', 9)}\r\n[1`);
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.destroy();
  await expect.poll(() => server.logs()).toContain('the client disconnected');
  expect(server.logs()).toContain('"status":415');
  expect(server.logs()).not.toContain(KEY);
  expect(server.logs()).not.toMatch(/sum-key/i);
});

it('lets pages of other origins send a key', async () => {
  const server = await serverForTest({ CORS_ORIGINS: 'https://app.example' });
  const response = await fetch(`${server.url}/sum`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://app.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,sum-key',
    },
  });
  expect(response.status).toBe(204);
  expect(response.headers.get('access-control-allow-headers')).toContain('sum-key');
});

it('keeps apart as many places as SUM_MAX_PATHS says, and advises what to collapse', async () => {
  const server = await serverWithToken({ SUM_MAX_PATHS: '10' });
  const members = Array.from({ length: 11 }, (_, index) => `"u${index}":${index}`);
  const users = (count: number) => `{"users":{${members.slice(0, count)}}}`;
  expect((await post(server, '?include=paths', users(10))).body.paths).toHaveLength(10);
  const refused = await post(server, '?include=paths', users(11));
  expect(refused.status).toBe(422);
  expect(refused.body.code).toBe('too_many_paths');
  expect(refused.body.detail).toMatch(/^At byte 86: .* object at \$\.users: collapse=\$\.users /);
  const collapsed = await post(server, '?include=paths&collapse=$.users', users(11));
  expect(collapsed.body.paths).toEqual([{ path: '$.users[*]', count: 11, sha256: sha256('55') }]);
  expect((await post(server, '', users(11))).body).toEqual({ sha256: sha256('55') });
});

it('gives paths and sums as many bytes as SUM_MAX_PATH_BYTES says', async () => {
  const server = await serverWithToken({ SUM_MAX_PATH_BYTES: '1024' });
  const longName = (length: number) => `{"${'n'.repeat(length)}":1}`;
  const statusOf = async (document: string) =>
    (await post(server, '?include=paths', document)).status;
  expect(await statusOf(longName(1000))).toBe(200);
  expect(await statusOf(longName(1030))).toBe(422);
  expect(await statusOf('{"a":1e1000}')).toBe(200);
  const { status, body } = await post(server, '?include=sum,paths', '{"a":1e1030}');
  expect({ status, code: body.code }).toEqual({ status: 422, code: 'too_many_paths' });
});

it('answers 503 where paths need more memory than SUM_MAX_MEMORY', async () => {
  const server = await serverWithToken({ SUM_MAX_MEMORY: '1048576' });
  const names = Array.from({ length: 9000 }, (_, index) => `"${'n'.repeat(100)}${index}":1`);
  const { status, headers, body } = await post(server, '?include=paths', `{${names}}`);
  expect({ status, code: body.code }).toEqual({ status: 503, code: 'memory_exhausted' });
  expect(headers.get('retry-after')).toBe('5');
  expect((await post(server, '?include=paths', ORDER)).status).toBe(200);
  expect((await post(server, '', `{${names}}`)).body).toEqual({ sha256: sha256('9000') });
});
