import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange, openConnection, parseAnswer, readToEnd } from '../helpers/raw-http.ts';
import { guestToken, serverForTest, startServer, type TestServer } from '../helpers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ HEADERS_TIMEOUT: '1', BODY_IDLE_TIMEOUT: '5' }, (app) => {
    app.get('/crash', async () => {
      throw new Error('the secret is 42');
    });
    app.get('/crash-with-nonsense', async () => {
      throw Object.assign(new Error('odd'), { statusCode: 200 });
    });
  });
});
afterAll(() => server.close());

const problemOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return response.json();
};

describe('every error is a problem (RFC 9457)', () => {
  it('for a path that does not exist', async () => {
    for (const [path, method] of [
      ['/nope', 'GET'],
      ['/auth/nope', 'POST'],
      ['/%2e%2e/etc/passwd', 'GET'],
      ['/docs/static/../../package.json', 'GET'],
      ['/docs/static/nope.js', 'GET'],
      ['/sum?', 'GET'],
    ] as const) {
      const response = await fetch(server.url + path, { method });
      if (path === '/sum?') expect(response.status).toBe(405);
      else expect(response.status, path).toBe(404);
      const problem = (await problemOf(response)) as Record<string, unknown>;
      expect(problem.request_id).toBe(response.headers.get('x-request-id'));
    }
  });

  it('for a path that exists, before its body is looked at', async () => {
    const response = await fetch(`${server.url}/nope`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"broken',
    });
    expect(response.status).toBe(404);
  });

  it('for a method that a path does not know', async () => {
    const allowed: Record<string, string> = {
      '/sum': 'POST',
      '/auth': 'POST',
      '/health/live': 'GET, HEAD',
      '/.well-known/jwks.json': 'GET, HEAD',
      '/docs': 'GET, HEAD',
      '/docs/static/index.css': 'GET, HEAD',
      '/openapi.json': 'GET, HEAD',
    };
    for (const [path, allow] of Object.entries(allowed)) {
      const response = await fetch(server.url + path, { method: 'DELETE' });
      expect(response.status, path).toBe(405);
      expect(response.headers.get('allow'), path).toBe(allow);
      expect(await problemOf(response)).toMatchObject({ code: 'method_not_allowed' });
    }
  });

  it('for a crash in a handler, which shows nothing of itself', async () => {
    for (const path of ['/crash', '/crash-with-nonsense']) {
      const response = await fetch(server.url + path);
      expect(response.status).toBe(500);
      const problem = await problemOf(response);
      expect(problem).toEqual({
        type: 'about:blank',
        title: 'Internal Server Error',
        status: 500,
        detail: 'The server failed. The log has the reason under the request id.',
        code: 'internal_error',
        request_id: expect.any(String),
      });
    }
    expect(server.logs()).toContain('the secret is 42');
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  });

  it.each([
    [
      'a header that is too large',
      `GET / HTTP/1.1\r\nhost: x\r\nx-large: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'header_too_large',
    ],
    ['what is not HTTP', 'hello\r\n\r\n', 400, 'malformed_request'],
    ['a space in the path', 'GET /a b HTTP/1.1\r\nhost: x\r\n\r\n', 400, 'malformed_request'],
    [
      'two lengths',
      'POST /auth HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
      400,
      'malformed_request',
    ],
    [
      'a length and chunks at once',
      'POST /auth HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
      400,
      'malformed_request',
    ],
    [
      'a path that does not decode',
      'GET /%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
      400,
      'malformed_request',
    ],
  ])(
    'for %s',
    async (_, request, status, code) => {
      const answer = await exchange(server.url, request);
      expect(answer.status).toBe(status);
      expect(answer.headers['content-type']).toBe('application/problem+json');
      const problem = JSON.parse(answer.body);
      expect(problem).toMatchObject({ status, code });
      expect(problem.request_id).toBe(answer.headers['x-request-id']);
    },
    60_000,
  );

  it('for a header that takes too long', async () => {
    const socket = await openConnection(server.url);
    socket.write('GET / HTTP/1.1\r\nx-slow: ');
    const drip = setInterval(() => socket.write('x'), 300);
    const answer = parseAnswer(await readToEnd(socket));
    clearInterval(drip);
    expect(answer.status).toBe(408);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'request_timeout' });
  });

  it('for bodies with broken chunks', async () => {
    const socket = await openConnection(server.url);
    const token = await guestToken(server);
    socket.write(
      `POST /sum HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ntransfer-encoding: chunked\r\n\r\n2\r\n[1\r\nzz\r\n`,
    );
    const answer = parseAnswer(await readToEnd(socket));
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'malformed_request' });
  });
});

describe('the request id', () => {
  const idOf = async (id?: string) =>
    (
      await fetch(`${server.url}/health/live`, { headers: id ? { 'x-request-id': id } : {} })
    ).headers.get('x-request-id');

  it('is taken over where it is sane', async () => {
    for (const id of ['abc-123', 'a.b_c:d/e=', 'x'.repeat(128)]) expect(await idOf(id)).toBe(id);
  });

  it('is made where it is not', async () => {
    const made = /^[0-9a-f-]{36}$/;
    for (const id of [undefined, 'x'.repeat(129), 'a b', '"quoted"', '<script>', 'é'])
      expect(await idOf(id)).toMatch(made);
  });

  it('is in the log', async () => {
    await idOf('find-me-there');
    await expect.poll(server.logs).toContain('"request_id":"find-me-there"');
  });
});

describe('protection', () => {
  it('sends headers that keep browsers from guessing and framing', async () => {
    const { headers } = await fetch(`${server.url}/health/live`);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    });
    expect(headers.has('x-powered-by')).toBe(false);
    expect(headers.has('strict-transport-security')).toBe(false);
    expect(headers.has('access-control-allow-origin')).toBe(false);
  });

  it('asks for TLS where the public address has it', async () => {
    const secure = await serverForTest({ PUBLIC_URL: 'https://tally.example' });
    const { headers } = await fetch(`${secure.url}/health/live`);
    expect(headers.get('strict-transport-security')).toContain('max-age=');
  });

  it('lets pages of configured origins call', async () => {
    const open = await serverForTest({ CORS_ORIGINS: 'https://app.example, https://b.example' });
    const preflight = (origin: string) =>
      fetch(`${open.url}/sum`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        },
      });
    const granted = await preflight('https://app.example');
    expect(granted.status).toBe(204);
    expect(granted.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(granted.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(
      (await preflight('https://evil.example')).headers.get('access-control-allow-origin'),
    ).not.toBe('https://evil.example');
    const refused = await fetch(`${open.url}/sum`, {
      method: 'POST',
      headers: { origin: 'https://b.example' },
    });
    expect(refused.status).toBe(401);
    expect(refused.headers.get('access-control-allow-origin')).toBe('https://b.example');
    expect((await fetch(`${open.url}/nope`)).status).toBe(404);
  });

  it('answers 503 while the event loop lags behind, but stays alive', async () => {
    const busy = await serverForTest({ MAX_EVENT_LOOP_DELAY: '0.05' });
    const token = await guestToken(busy);
    const block = setInterval(() => {
      const until = Date.now() + 300;
      while (Date.now() < until);
    }, 10);
    try {
      await expect
        .poll(
          async () => {
            const response = await fetch(`${busy.url}/sum`, {
              method: 'POST',
              headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
              body: '[]',
            });
            const { code } = (await response.json()) as { code?: string };
            return [response.status, code, response.headers.get('retry-after')];
          },
          { timeout: 15_000 },
        )
        .toEqual([503, 'overloaded', '1']);
      expect((await fetch(`${busy.url}/health/live`)).status).toBe(200);
    } finally {
      clearInterval(block);
    }
    const refusals = busy
      .logs()
      .split('\n')
      .filter((line) => line.includes('"overloaded"'));
    expect(JSON.parse(refusals[0]!)).toMatchObject({
      level: 40,
      msg: expect.stringContaining('busy'),
    });
    expect(refusals.join()).not.toContain('"stack"');
  });

  it('answers its first request, however long the start delayed the event loop', async () => {
    const started = await serverForTest({ MAX_EVENT_LOOP_DELAY: '0.3' }, (app) => {
      app.addHook('onReady', async () => {
        for (let block = 0; block < 2; block++) {
          const until = Date.now() + 1200;
          while (Date.now() < until);
          await setImmediate();
        }
      });
    });
    expect((await fetch(`${started.url}/tiers/mine`)).status).toBe(401);
  });
});

describe('the log', () => {
  it('has one line a request, and no token, password, body or query', async () => {
    const quiet = await serverForTest();
    const token = await guestToken(quiet, 'user-name-in-body');
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    await fetch(`${quiet.url}/sum?key=query-secret`, {
      method: 'POST',
      headers,
      body: '["body-secret"]',
    });
    await fetch(`${quiet.url}/sum`, { method: 'POST', headers, body: '["body-secret" x' });
    await fetch(`${quiet.url}/auth`, {
      method: 'POST',
      headers,
      body: '{"username":"user-name-in-body","password":7}',
    });
    await fetch(`${quiet.url}/auth?q=query-secret`, {
      method: 'POST',
      headers,
      body: '{"password":"pass-secret"',
    });
    await expect.poll(() => quiet.logs().match(/"msg":"request"/g)?.length).toBe(5);
    const logs = quiet.logs();
    for (const secret of [token, token.split('.')[2]!, 'secret', 'user-name-in-body', '"any"']) {
      expect(logs).not.toContain(secret);
    }
    const line = JSON.parse(logs.split('\n').find((text) => text.includes('"/sum"'))!);
    expect(line).toEqual({
      level: 30,
      time: expect.any(Number),
      request_id: expect.any(String),
      method: 'POST',
      path: '/sum',
      ip: expect.any(String),
      status: 400,
      ms: expect.any(Number),
      msg: 'request',
    });
  });
});
