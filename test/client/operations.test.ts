import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Tally } from '../../generated-client/src/index.ts';
import { isByHand, methodOf, resourceOf } from '../../scripts/lib/client-names.ts';
import {
  adaptToGenerator,
  parametersIn,
  queryOf,
  type Route,
  routesOf,
} from '../../scripts/lib/client-spec.ts';

type Method = (...given: unknown[]) => Promise<unknown> & AsyncIterable<unknown>;

const routes = routesOf(
  JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8')),
).filter((route) => !isByHand(route));

const namesIn = (place: string, route: Route) => parametersIn(place, route).map(({ name }) => name);
const isList = (route: Route) => namesIn('query', route).includes('page');

/** Calls the method of an operation with the name of each path parameter as its value. */
function call(tally: Tally, route: Route, ...given: unknown[]) {
  const resources = tally as unknown as Record<string, Record<string, Method>>;
  const segments = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  return resources[resourceOf(route)]![methodOf(route)]!(...segments, ...given);
}

/** Makes a client that records its requests, and answers as `answer` says. */
function recordingClient(answer: (url: URL) => object) {
  const sent: { url: URL; headers: Headers; body: unknown }[] = [];
  const fetch: typeof globalThis.fetch = async (input, { body, headers } = {}) => {
    const url = new URL(String(input));
    sent.push({ url, headers: new Headers(headers), body });
    return Response.json(answer(url));
  };
  return { sent, tally: new Tally({ baseUrl: 'http://localhost', fetch }) };
}

async function entriesOf(list: AsyncIterable<unknown>): Promise<unknown[]> {
  const entries: unknown[] = [];
  for await (const entry of list) entries.push(entry);
  return entries;
}

it.each([
  ['/products', 'shop', 'listProducts', 'products.list'],
  ['/products/{id}/stock', 'shop', 'listStockMovements', 'products.listStockMovements'],
  ['/audit-events', 'accounts', 'listAuditEvents', 'auditEvents.list'],
  ['/accounts/me', 'accounts', 'getOwnAccount', 'accounts.getOwn'],
  ['/links/{token}', 'images', 'followImageLink', 'images.followLink'],
  [
    '/.well-known/jwks.json',
    'auth',
    'getAuthorizationServerMetadata',
    'auth.getAuthorizationServerMetadata',
  ],
])('the operation at %s, tagged %s, %s, is %s', (path, tag, operationId, name) => {
  const route = { path, tags: [tag], operationId };
  expect(`${resourceOf(route)}.${methodOf(route)}`).toBe(name);
});

describe.each(routes)('$operationId', (route) => {
  const body = route.requestBody ? [{ a: 1 }] : [];

  it('sends its arguments, and the options of the call', async () => {
    const { sent, tally } = recordingClient(() => ({}));
    const query = Object.fromEntries(queryOf(route).map(({ name }) => [name, `my-${name}`]));
    const given = isList(route) ? [query] : body;
    const options = { headers: { 'x-mine': '1' }, idempotencyKey: 'k', ifMatch: '"e"' };
    await call(tally, route, ...given, options).catch(() => undefined);
    const [{ url, headers, body: text } = expect.fail()] = sent;
    expect(url.pathname).toBe(route.path.replaceAll(/[{}]/g, ''));
    expect(Object.fromEntries(url.searchParams)).toEqual(query);
    expect(text).toBe(route.requestBody && '{"a":1}');
    expect(headers.get('x-mine')).toBe('1');
    const headersOfRoute = namesIn('header', route).map((name) => [name, headers.get(name)]);
    const known = { 'idempotency-key': 'k', 'if-match': '"e"' };
    expect(known).toMatchObject(Object.fromEntries(headersOfRoute));
  });

  it('throws nothing, but rejects', async () => {
    const { tally } = recordingClient(() => ({}));
    const failure = call(tally, route, ...(isList(route) ? [{}] : body), { timeout: -1 });
    await expect(failure).rejects.toBeInstanceOf(RangeError);
  });
});

it.each(routes.filter(isList))(
  '$operationId can be iterated over, from any page on',
  async (route) => {
    const { sent, tally } = recordingClient(({ searchParams }) => {
      const first = Number(searchParams.get('after') ?? Number(searchParams.get('page') ?? 1) * 2);
      return { results: [first, first + 1], after: first < 6 ? `${first + 2}` : null };
    });
    expect(await entriesOf(call(tally, route, { limit: 2 }))).toEqual([2, 3, 4, 5, 6, 7]);
    const queries = sent.map(({ url }) => url.search);
    expect(queries).toEqual(['?limit=2', '?limit=2&after=4', '?limit=2&after=6']);
    expect(await entriesOf(call(tally, route, { page: 2 }))).toEqual([4, 5, 6, 7]);
    expect(sent.slice(3).map(({ url }) => url.search)).toEqual(['?page=2', '?after=6']);
    expect(await entriesOf(call(tally, route, { after: '6' }))).toEqual([6, 7]);
    expect(await call(tally, route, { page: 3 })).toEqual({ results: [6, 7], after: null });
  },
);

it('types of bodies that need one of several members are unions', () => {
  const name = { type: 'string' };
  const body = {
    description: 'A login.',
    type: 'object',
    properties: { username: name, email: name, password: name },
    required: ['password'],
    anyOf: [{ required: ['username'] }, { required: ['email'] }],
  };
  const spec = adaptToGenerator({ paths: {}, components: { schemas: { Login: body } } });
  const { type, properties } = body;
  expect(spec.components.schemas.Login).toEqual({
    description: 'A login.',
    anyOf: [
      { type, properties, required: ['password', 'username'] },
      { type, properties, required: ['password', 'email'] },
    ],
  });
});
