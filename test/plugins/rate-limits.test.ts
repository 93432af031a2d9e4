import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Tally } from '../../generated-client/src/index.ts';
import { collectFacts } from '../helpers/facts.ts';
import { openConnection } from '../helpers/raw-http.ts';
import { sendFrom } from '../helpers/requests-from.ts';
import { guestToken, serverForTest, type TestServer } from '../helpers/server.ts';

const SECOND_CLIENT = '127.0.0.2';
const json = { 'content-type': 'application/json' };

function sum({ url }: TestServer, token: string, from?: string) {
  const headers = { ...json, authorization: `Bearer ${token}` };
  return sendFrom(`${url}/sum`, { method: 'POST', headers, body: '[1]', ...(from && { from }) });
}

function askForToken({ url }: TestServer, from?: string) {
  const body = JSON.stringify({ username: 'ada', password: 'x' });
  return sendFrom(`${url}/auth`, { method: 'POST', headers: json, body, ...(from && { from }) });
}

const statusesOf = async (count: number, send: () => Promise<{ status: number }>) => {
  const statuses: number[] = [];
  for (let index = 0; index < count; index++) statuses.push((await send()).status);
  return statuses;
};

describe('the requests of a client', () => {
  it('say in each answer what is left of the limit that is reached first', async () => {
    const server = await serverForTest({ RATE_PER_TOKEN: '5', RATE_PER_ADDRESS: '100' });
    const token = await guestToken(server);
    const { status, headers } = await sum(server, token);
    expect(status).toBe(200);
    expect(headers['ratelimit-policy']).toBe('"address";q=100;w=60, "token";q=5;w=60');
    expect(headers.ratelimit).toMatch(/^"token";r=4;t=(60|59)$/);
    const lost = await sendFrom(`${server.url}/nowhere`);
    expect(lost.status).toBe(404);
    expect(lost.headers['ratelimit-policy']).toBe('"address";q=100;w=60');
    expect(lost.headers.ratelimit).toMatch(/^"address";r=97;t=\d+$/);
  });

  it('are refused beyond the limit of their token, and those with another one are not', async () => {
    const published = collectFacts();
    const server = await serverForTest({ RATE_PER_TOKEN: '2' });
    const [token, other] = [await guestToken(server), await guestToken(server)];
    expect(await statusesOf(3, () => sum(server, token))).toEqual([200, 200, 429]);
    const { headers, body } = await sum(server, token, SECOND_CLIENT);
    expect(JSON.parse(body)).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(Number(headers['retry-after'])).toBeGreaterThan(50);
    expect(headers.ratelimit).toBe(`"token";r=0;t=${headers['retry-after']}`);
    expect((await sum(server, other)).status).toBe(200);
    const hits = published.filter(({ type }) => type === 'limit_reached');
    expect(hits).toEqual(Array(2).fill({ type: 'limit_reached', limit: 'token' }));
  });

  it('are refused beyond the limit of their address, also unknown paths and invalid tokens', async () => {
    const server = await serverForTest({ RATE_PER_ADDRESS: '3' });
    expect((await sum(server, 'junk')).status).toBe(401);
    expect((await sendFrom(`${server.url}/nowhere`)).status).toBe(404);
    expect(await statusesOf(2, () => askForToken(server))).toEqual([200, 429]);
    expect((await sum(server, 'junk')).status).toBe(429);
    expect((await sendFrom(`${server.url}/nowhere`)).status).toBe(429);
    expect((await askForToken(server, SECOND_CLIENT)).status).toBe(200);
  });

  it('are counted by the forwarded address, an IPv6 one by its /64, and all unknown ones together', async () => {
    const server = await serverForTest({ RATE_PER_ADDRESS: '1', TRUST_PROXY: 'loopback' });
    const from = async (forwarded: string) => {
      const headers = { 'x-forwarded-for': forwarded };
      return (await sendFrom(`${server.url}/products`, { headers })).status;
    };
    expect(await from('203.0.113.1')).toBe(200);
    expect(await from('203.0.113.2')).toBe(200);
    expect(await from('203.0.113.9, 203.0.113.1')).toBe(429);
    expect(await from('203.0.113.1, 127.0.0.1')).toBe(429);
    expect(await from('2001:db8:0:1::1')).toBe(200);
    expect(await from('2001:db8:0:1::2')).toBe(429);
    expect(await from('2001:db8:0:2::1')).toBe(200);
    expect(await from('unknown')).toBe(200);
    expect(await from('_hidden')).toBe(429);
  });

  it('are refused before their body is read', async () => {
    const server = await serverForTest({ RATE_GUEST_TOKENS: '1' });
    await askForToken(server);
    const socket = await openConnection(server.url);
    onTestFinished(() => void socket.destroy());
    const fields = 'host: x\r\nexpect: 100-continue\r\ncontent-length: 50\r\n';
    socket.write(`POST /auth HTTP/1.1\r\n${fields}content-type: application/json\r\n\r\n`);
    const [answer] = await new Promise<string[]>((resolve) =>
      socket.once('data', (data) => resolve([String(data)])),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 429 /);
  });

  it.each([
    ['RATE_GUEST_TOKENS', 'guest-tokens', {}, 'POST', '/auth'],
    ['RATE_SIGN_IN', 'sign-in', { AUTH_MODE: 'accounts' }, 'POST', '/auth'],
    ['RATE_SIGN_IN', 'sign-in', {}, 'POST', '/accounts'],
    ['RATE_SIGN_IN', 'sign-in', {}, 'POST', '/accounts/login'],
    ['RATE_SIGN_IN', 'sign-in', {}, 'POST', '/accounts/password'],
    ['RATE_SEARCHES', 'searches', {}, 'GET', '/products?search=moka'],
  ])(
    'have the limit %s (%s with %j) at %s %s',
    async (setting, name, environment, method, path) => {
      const server = await serverForTest({ ...environment, [setting]: '1' });
      const body = method === 'POST' ? '{}' : undefined;
      const send = () =>
        sendFrom(server.url + path, { method, headers: json, ...(body && { body }) });
      expect((await send()).status).not.toBe(429);
      const { status, headers } = await send();
      expect(status).toBe(429);
      expect(headers.ratelimit).toMatch(new RegExp(`^"${name}";r=0;t=`));
      expect((await sendFrom(`${server.url}/openapi.json`)).status).toBe(200);
    },
  );

  it('are not counted at the health checks', async () => {
    const server = await serverForTest({ RATE_PER_ADDRESS: '1' });
    for (const path of ['/health/live', '/health/ready']) {
      const send = () => sendFrom(server.url + path);
      expect(await statusesOf(3, send)).toEqual([200, 200, 200]);
      expect((await send()).headers).not.toHaveProperty('ratelimit');
    }
  });

  it('are not counted where the limits are off', async () => {
    const off = { RATE_PER_TOKEN: '0', RATE_PER_ADDRESS: '0', RATE_GUEST_TOKENS: '0' };
    const server = await serverForTest(off);
    const { headers } = await sum(server, await guestToken(server));
    expect(headers).not.toHaveProperty('ratelimit');
    expect(headers).not.toHaveProperty('ratelimit-policy');
  });

  it('tell pages of other origins what is left', async () => {
    const server = await serverForTest({ CORS_ORIGINS: '*' });
    const { headers } = await sendFrom(`${server.url}/products`, {
      headers: { origin: 'https://app.example' },
    });
    expect(headers['access-control-expose-headers']).toContain('RateLimit, RateLimit-Policy');
  });

  it('are sent again by the client once their window has ended', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const server = await serverForTest({ RATE_SEARCHES: '1' });
    const start = Date.now();
    const ends: unknown[] = [];
    const tally = new Tally({
      baseUrl: server.url,
      onResponse: ({ status, retryDelay = 0 }) => {
        ends.push([status, retryDelay >= 1000]);
        vi.setSystemTime(start + 60_500);
      },
    });
    await fetch(`${server.url}/products`);
    vi.setSystemTime(start + 59_500);
    await tally.products.list();
    expect(ends).toEqual([
      [429, true],
      [200, false],
    ]);
  });
});
