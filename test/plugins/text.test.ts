import { beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, register, send, serverOn, signedInAdministrator } from '../helpers/accounts.ts';
import { describeOnEachDatabase, sqlite } from '../helpers/databases.ts';
import { readSpecification } from '../helpers/specification.ts';

interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: unknown[];
  minimum?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
}
interface Operation {
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}
interface Spec {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const spec = readSpecification<Spec>();

const ID = '0190b5a2-7d3e-7c11-8f2a-3b1c5d7e9f01';
const NUL = 'a\u0000b';

const operations = Object.entries(spec.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    ...operation,
    method: method.toUpperCase(),
    path,
    name: `${method} ${path}`,
  })),
);

const resolve = (schema: Schema): Schema =>
  schema.$ref ? spec.components.schemas[schema.$ref.split('/').at(-1)!]! : schema;

/** A value of a schema whose free texts all are `text`. */
function sample(given: Schema, text: string): unknown {
  const schema = resolve(given);
  if (schema.enum) return schema.enum[0];
  if (schema.properties) {
    const members = Object.entries(schema.properties);
    return Object.fromEntries(members.map(([name, member]) => [name, sample(member, text)]));
  }
  if (schema.type === 'array') return [sample(schema.items ?? {}, text)];
  if (schema.type === 'integer') return schema.minimum ?? 1;
  if (schema.type === 'boolean') return true;
  if (schema.format === 'uuid') return ID;
  if (schema.format === 'date-time') return '2026-12-31T23:59:59Z';
  return text;
}

/** All members, and each member alone: another one that is refused must hide none. */
function bodiesOf(schema: Schema): unknown[] {
  const whole = sample(schema, NUL) as Record<string, unknown>;
  const harmless = sample(schema, 'text') as Record<string, unknown>;
  return [
    whole,
    ...Object.keys(whole).map((name) => ({ ...harmless, [name]: whole[name] })),
    ...Object.keys(whole).map((name) => ({ [name]: whole[name] })),
  ];
}

describeOnEachDatabase('U+0000', (database) => {
  const server = serverOn(database);
  let token: string;
  beforeAll(async () => {
    ({ token } = await signedInAdministrator(server.current));
  });

  it.each(operations)('in a path is nowhere: $name', async ({ method, path }) => {
    const paths = [
      `${path.replaceAll(/\{\w+\}/g, ID)}%00`,
      path.replaceAll(/\{\w+\}/g, '%00'),
      path.replaceAll(/\{\w+\}/g, 'a%00b'),
      `${path.replaceAll(/\{\w+\}/g, ID)}/%00`,
    ].filter((one) => one.includes('%00'));
    for (const one of paths) {
      const { status } = await send(server.current, method, one, { token });
      expect(status, one).toBe(404);
    }
  });

  it.each(operations)('in a query string breaks a rule: $name', async (operation) => {
    const { method, path, parameters = [] } = operation;
    for (const { name, in: place } of parameters) {
      if (place !== 'query') continue;
      const filled = path.replace('{size}', '200px').replaceAll(/\{\w+\}/g, ID);
      const target = `${filled}?${name}=a%00b`;
      const answer = await send(server.current, method, target, { token });
      expect(answer.status, target).toBe(400);
      expect(await answer.json()).toMatchObject({ errors: [{ path: `/${name}` }] });
    }
  });

  it.each(operations)('in a body is no fault of the server: $name', async (operation) => {
    const { method, path, requestBody } = operation;
    const schema = requestBody?.content['application/json']?.schema;
    if (!schema || path === '/sum' || !resolve(schema).properties) return;
    for (const body of bodiesOf(schema)) {
      const target = path.replace('{name}', 'basic').replaceAll(/\{\w+\}/g, ID);
      const { status } = await send(server.current, method, target, { token, body });
      expect(status, `${target} ${JSON.stringify(body)}`).toBeLessThan(500);
    }
  });
});

describe('bodies of JSON', () => {
  const server = serverOn(sqlite);
  let token: string;
  beforeAll(async () => {
    ({ token } = await signedInAdministrator(server.current));
  });
  const post = (path: string, body: Buffer | string) =>
    fetch(server.current.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body,
    });

  it('are UTF-8, so that no two of them are one password', async () => {
    const { email } = await register(server.current);
    const login = Buffer.from(`{"username":"${email}","password":"${PASSWORD}?"}`);
    login[login.lastIndexOf('?')] = 0xff;
    const answer = await post('/accounts/login', login);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'malformed_json' });
  });

  it('may begin with a byte-order mark', async () => {
    expect((await post('/auth', '\ufeff{"username":"ada","password":"any"}')).status).toBe(200);
  });

  it('may be empty where there is none, and nowhere else', async () => {
    expect((await post('/accounts/logout', '')).status).toBeLessThan(300);
    expect((await post('/auth', '')).status).toBe(400);
    ({ token } = await signedInAdministrator(server.current));
    for (const [method, path] of [
      ['POST', `/orders/${ID}/cancel`],
      ['DELETE', `/products/${ID}`],
      ['DELETE', `/images/${ID}`],
    ] as const) {
      const headers = { 'content-type': 'application/json', 'if-match': '"1"' };
      const { status } = await send(server.current, method, path, { token, headers });
      expect(status, path).toBe(404);
    }
  });
});
