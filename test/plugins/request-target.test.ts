import { beforeAll, describe, expect, it } from 'vitest';
import { send, serverOn, signedInAdministrator } from '../helpers/accounts.ts';
import { sqlite } from '../helpers/databases.ts';
import { exchange } from '../helpers/raw-http.ts';
import { serverForTest } from '../helpers/server.ts';

const PING = 'GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';

describe('a request target in absolute form', () => {
  const server = serverOn(sqlite, { PUBLIC_URL: 'https://tally.example' });
  let token: string;
  beforeAll(async () => {
    ({ token } = await signedInAdministrator(server.current));
    for (const name of ['one', 'two']) {
      const body = { name, price: 1, currency: 'EUR', quantity_in_stock: 1 };
      await send(server.current, 'POST', '/products', { body, token });
    }
  });
  const get = (target: string) =>
    exchange(
      server.current.url,
      `GET ${target} HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n`,
    );

  it.each([
    'http://user:secret@evil.example/products?limit=1',
    'HTTPS://evil.example/products?limit=1',
    '/products?limit=1',
  ])('does not decide where links lead: %s', async (target) => {
    const answer = await get(target);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body).next).toBe('https://tally.example/products?limit=1&page=2');
  });

  it.each(['http://user:secret@evil.example/', 'http://evil.example', 'http://evil.example/docs'])(
    'does not decide where redirects lead: %s',
    async (target) => {
      const answer = await get(target);
      expect(`${answer.headers.location}`).not.toMatch(/evil|secret/);
      expect([200, 302]).toContain(answer.status);
    },
  );

  it('leads nowhere with two slashes', async () => {
    expect((await get('//evil.example/products?limit=1')).status).toBe(404);
  });

  it('leaves nothing of its host and password in the log', async () => {
    await get('http://user:secret@evil.example/nope');
    await expect.poll(() => server.current.logs()).toContain('"path":"/*"');
    expect(server.current.logs()).not.toMatch(/evil|secret/);
  });
});

describe('the token of a link', () => {
  const TOKEN = 'c2VjcmV0LXRva2Vu-of_a.link';
  const server = serverOn(sqlite);

  it.each([
    `GET /links/${TOKEN}`,
    `HEAD /links/${TOKEN}`,
    `POST /links/${TOKEN}`,
    `DELETE /links/${TOKEN}`,
    `OPTIONS /links/${TOKEN}`,
    `GET /links/${TOKEN}/`,
    `GET /links/${TOKEN}/more`,
    `GET //links/${TOKEN}`,
    `GET /Links/${TOKEN}`,
    `GET /l%69nks/${TOKEN}`,
    `GET /links%2F${TOKEN}`,
    `GET /links/${TOKEN}%zz`,
    `GET /links/${TOKEN}%00`,
    `GET /links/${TOKEN}${'x'.repeat(300)}`,
    `GET /${TOKEN}`,
    `GET /links/?${TOKEN}`,
    `GET /links/${TOKEN}?a`,
    `GET /links/${TOKEN};a`,
    `GET /docs/links/${TOKEN}`,
    `GET /docs/static/${TOKEN}`,
    `GET /images/019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071/200px%3Fsignature=${TOKEN}`,
    `GET http://x/links/${TOKEN}`,
    `GET http://${TOKEN}@x/links`,
    `BREW /links/${TOKEN}`,
    `GET /links/${TOKEN} x`,
  ])('is in no log and no answer: %s', async (line) => {
    const answer = await exchange(
      server.current.url,
      `${line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
    );
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(answer)).not.toContain(TOKEN);
    // This request is logged after the one before it.
    await exchange(server.current.url, PING);
    expect(server.current.logs()).not.toContain(TOKEN);
  });

  it('is not logged where the client broke off, or the route crashed', async () => {
    const leaving = new AbortController();
    const crashing = await serverForTest({}, (app) => {
      app.get('/shares/:token', {
        config: { hasSecretPath: true },
        handler: async ({ params }) => {
          leaving.abort();
          await new Promise((resolve) => setTimeout(resolve, 200));
          if ((params as { token: string }).token.endsWith('!')) throw new Error('crashed');
          return 'fine';
        },
      });
    });
    const left = fetch(`${crashing.url}/shares/${TOKEN}`, { signal: leaving.signal });
    await expect(left).rejects.toThrow();
    expect((await fetch(`${crashing.url}/shares/${TOKEN}!`)).status).toBe(500);
    await expect.poll(crashing.logs).toContain('the client disconnected');
    await expect.poll(crashing.logs).toContain('/shares/:token');
    expect(crashing.logs()).not.toContain(TOKEN);
  });
});
