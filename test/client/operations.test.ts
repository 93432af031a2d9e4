import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Tally } from '../../generated-client/src/index.ts';
import { adaptToGenerator } from '../../scripts/lib/client-spec.ts';

interface Operation {
  operationId: string;
  tags: [string];
  parameters?: { in: string; name: string }[];
}
type Method = (parameters: object) => Promise<unknown> & AsyncIterable<unknown>;

const { paths }: { paths: Record<string, Record<string, Operation>> } = JSON.parse(
  readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'),
);
/** The operations of services; the methods of a sum are written by hand. */
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  (path === '/sum' ? [] : Object.values(methods)).map(
    ({ operationId, tags: [tag], parameters = [] }) => ({
      path,
      operationId,
      /** Calls the method with a value for each path parameter, its own name, and with these parameters. */
      call(tally: Tally, given: object) {
        const services = tally as unknown as Record<string, Record<string, Method>>;
        const segments = Object.fromEntries(this.namesIn('path').map((name) => [name, name]));
        return services[tag.toLowerCase()]![operationId]!({ ...segments, ...given });
      },
      namesIn: (place: string) =>
        parameters.filter((parameter) => parameter.in === place).map(({ name }) => name),
    }),
  ),
);

/** Makes a client that records the addresses of its requests, and answers as `answer` says. */
function recordingClient(answer: (url: URL) => object) {
  const sent: URL[] = [];
  const fetch: typeof globalThis.fetch = async (input) => {
    const url = new URL(String(input));
    sent.push(url);
    return Response.json(answer(url));
  };
  return { sent, tally: new Tally({ baseUrl: 'http://localhost', fetch }) };
}

async function entriesOf(list: AsyncIterable<unknown>): Promise<unknown[]> {
  const entries: unknown[] = [];
  for await (const entry of list) entries.push(entry);
  return entries;
}

it.each(operations.filter(({ namesIn }) => [...namesIn('path'), ...namesIn('query')].length > 0))(
  '$operationId takes parameters as the API spells them',
  async (operation) => {
    const { sent, tally } = recordingClient(() => ({}));
    const query = Object.fromEntries(
      operation.namesIn('query').map((name) => [name, `my-${name}`]),
    );
    await operation.call(tally, query).catch(() => undefined);
    expect(Object.fromEntries(sent[0]!.searchParams)).toEqual(query);
    expect(sent[0]!.pathname).toBe(operation.path.replaceAll(/[{}]/g, ''));
  },
);

it.each(operations.filter(({ namesIn }) => namesIn('query').includes('page')))(
  '$operationId can be iterated over, from any page on',
  async (operation) => {
    const { sent, tally } = recordingClient(({ searchParams }) => {
      const page = Number(searchParams.get('page') ?? 1);
      return { results: [2 * page, 2 * page + 1], next: page < 3 ? 'http://localhost' : null };
    });
    expect(await entriesOf(operation.call(tally, { limit: 2 }))).toEqual([2, 3, 4, 5, 6, 7]);
    expect(sent.map(({ search }) => search)).toEqual([
      '?limit=2',
      '?page=2&limit=2',
      '?page=3&limit=2',
    ]);
    expect(await entriesOf(operation.call(tally, { page: 3 }))).toEqual([6, 7]);
    const page = await operation.call(tally, { page: 3 });
    expect(page).toEqual({ results: [6, 7], next: null });
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
