import { beforeAll, describe, expect, it } from 'vitest';
import { send, serverOn, signedInAdministrator } from '../helpers/accounts.ts';
import { describeOnEachDatabase, sqlite } from '../helpers/databases.ts';
import { readSpecification } from '../helpers/specification.ts';

interface Parameter {
  name: string;
  in: string;
  schema: { type?: string; minimum?: number; maximum?: number };
}
interface Spec {
  paths: Record<string, Record<string, { parameters?: Parameter[]; security?: object[] }>>;
}

const spec = readSpecification<Spec>();

const ID = '0190b5a2-7d3e-7c11-8f2a-3b1c5d7e9f01';

/** Each parameter in a query string whose value is a number, with the path of its list. */
const numbers = Object.entries(spec.paths).flatMap(([path, operations]) =>
  (operations.get?.parameters ?? [])
    .filter(({ in: place, schema }) => place === 'query' && /integer|number/.test(schema.type!))
    .map((parameter) => ({ path: path.replaceAll(/\{\w+\}/g, ID), ...parameter })),
);

const NOT_DECIMAL = [
  'Infinity',
  '-Infinity',
  'NaN',
  '1e400',
  '1e1',
  '0x10',
  '0b1',
  '%20',
  '%2B5',
  '5%20',
  '5.0',
  '',
  '9'.repeat(400),
];

interface Validation {
  code: string;
  errors: { path: string; message: string }[];
}

async function validationOf(response: Promise<Response>): Promise<Validation> {
  const answer = await response;
  expect(answer.status, answer.url).toBe(400);
  const problem = (await answer.json()) as Validation;
  expect(problem.code, answer.url).toBe('validation_failed');
  return problem;
}

describeOnEachDatabase('numbers in query strings', (database) => {
  const server = serverOn(database);
  let token: string;
  beforeAll(async () => {
    ({ token } = await signedInAdministrator(server.current));
  });

  it('are there to be tested', () => {
    expect(numbers.length).toBeGreaterThan(20);
  });

  it.each(numbers)('are decimal digits within bounds: $name of $path', async (parameter) => {
    const { path, name, schema } = parameter;
    const { minimum = 0, maximum = 0 } = schema;
    for (const value of [...NOT_DECIMAL, `${minimum - 1}`, `${maximum + 1}`, `${2 * maximum}`]) {
      const answer = send(server.current, 'GET', `${path}?${name}=${value}`, { token });
      const { errors } = await validationOf(answer);
      expect(errors, value).toEqual([
        { path: `/${name}`, message: expect.stringMatching(/^must be/) },
      ]);
    }
    const good = await send(server.current, 'GET', `${path}?${name}=${minimum}`, { token });
    expect(good.status).toBeLessThan(405);
    expect(good.status).not.toBe(400);
  });
});

describe('what is said about a request that breaks many rules', () => {
  const server = serverOn(sqlite);
  let token: string;
  beforeAll(async () => {
    ({ token } = await signedInAdministrator(server.current));
  });
  const order = (body: unknown) =>
    send(server.current, 'POST', '/orders', { body, token, headers: { 'idempotency-key': 'k' } });

  it('is one rule where there are far too many parts', async () => {
    const parts = Array.from({ length: 43_000 }, () => ({}));
    const { errors } = await validationOf(order({ parts }));
    expect(errors).toEqual([{ path: '/parts', message: 'must NOT have more than 100 items' }]);
  });

  it('is every rule in a body of usual size, but at most twenty', async () => {
    const few = await validationOf(send(server.current, 'POST', '/products', { body: {}, token }));
    expect(few.errors.length).toBeGreaterThan(2);
    const body = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`m${index}`, 1]));
    const many = await validationOf(send(server.current, 'POST', '/products', { body, token }));
    expect(many.errors).toHaveLength(20);
  });

  it('is short however long the names of unknown members are', async () => {
    const body = { [`a/b~${'x'.repeat(50_000)}`]: 1 };
    const answer = await send(server.current, 'POST', '/products', { body, token });
    const text = await answer.text();
    expect(text.length).toBeLessThan(2000);
    expect(text).toContain('"path":"/a~1b~0xxx');
  });
});
