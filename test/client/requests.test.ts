import { describe, expect, it } from 'vitest';
import { Tally } from '../../generated-client/src/index.ts';
import type { Operation } from '../../generated-client/src/operation.ts';
import { createSettings } from '../../generated-client/src/options.ts';
import { Transport } from '../../generated-client/src/transport.ts';
import { bodyOf, failureOf, faultServer } from './fault-server.ts';

type Given = Parameters<Transport['send']>[0];

/** Sends a request through the transport of the resources, and returns it as it arrives. */
async function echo(given: Partial<Given>, path = '') {
  const { url } = await faultServer(async (request, response) => {
    const body = await bodyOf(request);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ path: request.url, headers: request.headers, body }));
  });
  const options = { baseUrl: `${url}${path}`, headers: { 'x-a': '1', 'x-b': '1' } };
  const settings = createSettings(options);
  const operation = { method: 'GET', url: '/things/{id}', ...given };
  type Echo = { path: string; headers: Record<string, string>; body: string };
  const { data } = await new Transport(settings).send<Echo>(operation as object as Operation<Echo>);
  return data;
}

describe('a request', () => {
  it.each([
    ['a/b?c#d', '/things/a%2Fb%3Fc%23d'],
    ['../x', '/things/..%2Fx'],
    ['%2e%2e', '/things/%252e%252e'],
    ['李 ü', '/things/%E6%9D%8E%20%C3%BC'],
    [7, '/things/7'],
  ])('keeps the path parameter %j in its place', async (id, path) => {
    expect((await echo({ path: { id } })).path).toBe(path);
  });

  it.each(['', '.', '..', undefined, null])('refuses the path parameter %j', async (id) => {
    expect(await failureOf(echo({ path: { id } }))).toBeInstanceOf(TypeError);
  });

  it('carries arrays in its query, and leaves out what is not given', async () => {
    const query = {
      tag: ['a&b', 'c d'],
      page: 2,
      on: false,
      none: undefined,
      empty: [],
      nil: null,
    };
    const at = { at: new Date(0) };
    const { path } = await echo({ url: '/things', query: { ...query, ...at } });
    expect(path).toBe('/things?tag=a%26b&tag=c+d&page=2&on=false&at=1970-01-01T00%3A00%3A00.000Z');
  });

  it.each(['', '/', '/api/v1', '/api/v1/', '/api//?x=1#y'])(
    'goes below the base URL that ends in %j',
    async (base) => {
      const prefix = base.replace(/\?.*/, '').replace(/\/+$/, '');
      expect((await echo({ url: '/health' }, base)).path).toBe(`${prefix}/health`);
    },
  );

  it('adds its own headers to those of the client', async () => {
    const { headers } = await echo({ url: '/', headers: { 'X-B': '2', 'x-c': undefined } });
    expect(headers).toMatchObject({ 'x-a': '1', 'x-b': '2' });
    expect(headers).not.toHaveProperty('x-c');
    expect(headers).not.toHaveProperty('content-type');
  });

  it('sends JSON, without the members that are not given', async () => {
    const { body, headers } = await echo({
      method: 'POST',
      url: '/',
      body: { a: 1, b: undefined },
      mediaType: 'application/json',
    });
    expect(body).toBe('{"a":1}');
    expect(headers['content-type']).toBe('application/json');
  });

  it('gives nothing where the answer has no content', async () => {
    const { url } = await faultServer((_, response) => void response.writeHead(204).end());
    const { accounts } = new Tally({ baseUrl: url, token: 'x' });
    expect(await accounts.deleteSession('s')).toBeUndefined();
  });

  it('goes through the fetch that the program gives', async () => {
    const urls: string[] = [];
    const tally = new Tally({
      baseUrl: 'http://tally.example',
      fetch: async (input) => {
        urls.push(String(input));
        return Response.json({ status: 'ok' });
      },
    });
    await tally.health.checkLiveness();
    expect(urls).toEqual(['http://tally.example/health/live']);
  });
});

it.each(['', '/api', 'localhost:8000', 'ftp://localhost', 'http://'])(
  'refuses the base URL %j',
  (baseUrl) => {
    expect(() => new Tally({ baseUrl })).toThrow(TypeError);
  },
);

it.each([-1, 1.5, 11, Number.NaN])('refuses %j retries', (retries) => {
  expect(() => new Tally({ baseUrl: 'http://localhost', retries })).toThrow(RangeError);
});
