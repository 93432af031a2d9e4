import * as fc from 'fast-check';
import { PASSWORD } from '../helpers/accounts.ts';
import {
  EMAILS,
  ESCAPES,
  HEADERS,
  JUNK,
  NAMES,
  NUMBERS,
  NUMERALS,
  PLACES,
  RAW_BODIES,
  TEXTS,
  TIMES,
  toJsonText,
} from './hostile-values.ts';
import { dereference, type Operation, operations, type Parameter, type Schema } from './spec.ts';

/** Callers of generated requests, each with different rights. */
const SENDERS = ['admin', 'admin', 'user', 'user', 'another', 'guest', 'nobody'] as const;

/** A request as plain data. `@kind:n` in its texts stands for the n-th thing of a kind that the server has. */
export interface GeneratedRequest {
  operation: string;
  sender: (typeof SENDERS)[number];
  target: string;
  headers: Record<string, string>;
  /** Each character is a byte. */
  body?: string;
  form?: Record<string, string>;
}

const PICTURES = ['one-pixel.png', 'baseline.jpg', 'README.md', 'palette.png'];

const of = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
/** Undefined in all but so many per cent. */
const maybe = <T>(arbitrary: fc.Arbitrary<T>, percent: number): fc.Arbitrary<T | undefined> =>
  fc.oneof(
    { weight: percent, arbitrary },
    { weight: 100 - percent, arbitrary: fc.constant(undefined) },
  );

/** Mostly what the schema allows, sometimes just beyond, sometimes something else altogether. */
function anyValue(given: Schema, name: string, depth = 0): fc.Arbitrary<unknown> {
  const schema = dereference(given);
  return fc.oneof(
    { weight: 20, arbitrary: allowed(schema, name, depth) },
    { weight: 2, arbitrary: beyond(schema) },
    { weight: 1, arbitrary: of<unknown>(schema.nullable ? [null] : JUNK) },
  );
}

function allowed(schema: Schema, name: string, depth: number): fc.Arbitrary<unknown> {
  if (schema.enum) return of(schema.enum);
  const options = schema.anyOf ?? schema.oneOf;
  if (options) {
    return fc.oneof(...options.map((option) => allowed(dereference(option), name, depth)));
  }
  switch (schema.type) {
    case 'object':
      return objectOf(schema, depth);
    case 'array':
      return fc.array(anyValue(schema.items!, name, depth + 1), { minLength: 1, maxLength: 3 });
    case 'integer':
    case 'number':
      return integerOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'string':
      return textOf(schema, name);
    default:
      return of<unknown>([[1, 2], { a: 0.5 }, [], 7, 'text']);
  }
}

/** Returns the required members or those of the example, a few of them with random values. */
function objectOf({ properties = {}, required = [], example }: Schema, depth: number) {
  const all = Object.entries(properties);
  const needed = all
    .filter(([name]) => required.includes(name))
    .map(([name, schema]) => [name, allowed(dereference(schema), name, depth + 1)]);
  const changes = fc.subarray(all, { maxLength: Math.min(all.length, 3) }).chain((chosen) => {
    const values = chosen.map(([name, schema]) => [name, anyValue(schema, name, depth + 1)]);
    return fc.record(Object.fromEntries(values));
  });
  const extra = maybe(of<object>([{ id: 1 }, { constructor: 1, role: 'admin' }]), 5);
  // The ids of an example lead nowhere.
  const shown = JSON.stringify(example ?? {}).includes('-7') ? {} : example;
  return fc
    .tuple(of([{}, shown]), fc.record(Object.fromEntries(needed)), changes, extra)
    .map((parts) => Object.assign({}, ...parts));
}

function integerOf({ minimum = -1000, maximum = 1000 }: Schema): fc.Arbitrary<number> {
  const small = { min: Math.max(minimum, 0), max: Math.min(maximum, Math.max(minimum, 0) + 20) };
  return fc.oneof(
    { weight: 6, arbitrary: small.min <= small.max ? fc.integer(small) : fc.constant(minimum) },
    { weight: 1, arbitrary: of([minimum, maximum]) },
  );
}

function textOf(schema: Schema, name: string): fc.Arbitrary<string> {
  if (schema.format === 'uuid') return reference(name);
  if (schema.format === 'date-time') return of(TIMES);
  if (schema.format === 'uri')
    return of(['https://example.com/a.png', 'http://x', 'https://\ud800']);
  if (name.endsWith('password'))
    return of([PASSWORD, PASSWORD, PASSWORD, `${PASSWORD}s`, ...TEXTS]);
  if (name === 'email') return of(EMAILS);
  if (name === 'collapse') return of(PLACES);
  if (name === 'username') return of([...NAMES, ...EMAILS.slice(0, 4)]);
  const fits = schema.pattern === undefined ? undefined : new RegExp(schema.pattern, 'u');
  const words = ['EUR', 'USD', 'basic', 'enterprise', 'made-1', 'SAVE', 'save', 'name', '200px'];
  const candidates = [...words, ...TEXTS].filter((text) => fits?.test(text) ?? true);
  return of(candidates.length > 0 ? candidates : words);
}

function beyond(schema: Schema): fc.Arbitrary<unknown> {
  const { minimum, maximum, maxLength, maxItems, items } = schema;
  if (schema.type === 'integer') {
    const around = [(minimum ?? 0) - 1, (maximum ?? 2 ** 53) + 1, (maximum ?? 0) + 0.5];
    return of([...around, ...NUMBERS]);
  }
  if (schema.type === 'array') {
    const entry = items?.format === 'uuid' ? '@product:0' : 100;
    return of<unknown>([
      [],
      Array.from({ length: (maxItems ?? 10) + 1 }, () => entry),
      [entry, entry],
    ]);
  }
  if (schema.type !== 'string') return of(JUNK);
  const long =
    maxLength === undefined ? [] : ['x', '\u{1f600}', 'é'].map((c) => c.repeat(maxLength + 1));
  const full = maxLength === undefined ? [] : ['x', '\u{1f600}'].map((c) => c.repeat(maxLength));
  return of([...long, ...full, ...TEXTS, ...TIMES]);
}

/** Ids that are there, in both cases, and ids that are not. */
function reference(name: string): fc.Arbitrary<string> {
  const kind = name === 'products' ? 'product' : name === 'subject' ? 'account' : name;
  const there = fc.nat(5).map((index) => `@${kind}:${index}`);
  return fc.oneof(
    { weight: 10, arbitrary: there },
    { weight: 1, arbitrary: there.map((text) => `${text}!`) },
    {
      weight: 1,
      arbitrary: of([
        '01900000-0000-7000-8000-000000000000',
        'ffffffff-ffff-ffff-ffff-ffffffffffff',
        '{01900000-0000-7000-8000-000000000000}',
        'urn:uuid:01900000-0000-7000-8000-000000000000',
      ]),
    },
  );
}

/** Percent-encoded, except that references stay readable. Lone surrogates have no encoding. */
const encode = (text: string) =>
  /^@[a-z]+:\d+!?$/.test(text) ? text : encodeURIComponent(text.toWellFormed());

function pathOf({ path, parameters }: Operation): fc.Arbitrary<string> {
  const kind = path.split('/')[1]!.replace(/s$/, '');
  const names = parameters.filter((parameter) => parameter.in === 'path');
  const segments = names.map(({ name, schema }) => {
    const wanted =
      name === 'id' ? (path.startsWith('/accounts/sessions') ? 'session' : kind) : name;
    const known = { link_id: 'link', token: 'linktoken', name: 'tier', size: 'size' }[wanted];
    const good = schema.format === 'uuid' || wanted !== 'size';
    const value = good ? reference(known ?? wanted) : of(['original', '200px', '1px', '', 'é']);
    const text = fc.oneof(
      { weight: 12, arbitrary: value.map(encode) },
      { weight: 1, arbitrary: of(ESCAPES) },
    );
    return text.map((segment) => [`{${name}}`, segment] as const);
  });
  return fc
    .tuple(...segments)
    .map((pairs) =>
      pairs.reduce((filled, [name, segment]) => filled.replace(name, () => segment), path),
    );
}

/** Spells a list as one with commas; what is no text in it is JSON. */
function textOfParameter(value: unknown): string {
  const spell = (item: unknown) => (typeof item === 'object' ? JSON.stringify(item) : String(item));
  return Array.isArray(value) ? value.map(spell).join(',') : spell(value);
}

function queryOf(parameters: Parameter[]): fc.Arbitrary<string> {
  const pairs = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, schema }) => {
      const isNumber = schema.type === 'integer';
      const text = fc.oneof(
        {
          weight: 8,
          arbitrary: allowed(schema, name, 0).map((value) => encode(textOfParameter(value))),
        },
        { weight: 2, arbitrary: of(isNumber ? NUMERALS : TEXTS).map(encode) },
        { weight: 1, arbitrary: of(ESCAPES) },
      );
      return maybe(
        text.map((value) => `${name}=${value}`),
        40,
      );
    });
  const odd = maybe(
    of(['page=1&page=2', 'page[]=1', 'limit', '&&', 'unknown=1', 'search=a&search=b']),
    8,
  );
  return fc.tuple(odd, ...pairs).map((all) => {
    const text = all.filter((pair) => pair !== undefined).join('&');
    return text === '' ? '' : `?${text}`;
  });
}

function headersOf({ parameters, path, method }: Operation): fc.Arbitrary<Record<string, string>> {
  const own = parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name);
  if (method === 'GET' && /size|token|products/.test(path)) own.push('range', 'if-none-match');
  const chosen = Object.keys(HEADERS).map((name) => [
    name,
    maybe(of(HEADERS[name]!), own.includes(name) ? 60 : 1),
  ]);
  return fc
    .record(Object.fromEntries(chosen))
    .map(
      (all) =>
        Object.fromEntries(
          Object.entries(all).filter(([, value]) => value !== undefined),
        ) as Record<string, string>,
    );
}

function bodyOf({ body }: Operation): fc.Arbitrary<Pick<GeneratedRequest, 'body' | 'form'>> {
  if (!body) return fc.constant({});
  if (body.mediaType === 'multipart/form-data') {
    const seconds = maybe(of(NUMERALS), 50);
    return fc.record({ picture: of(PICTURES), seconds }).map(({ picture, seconds }) => ({
      form: { ...(seconds !== undefined && { expiring_time_seconds: seconds }), image: picture },
    }));
  }
  const bytes = (text: string) => Buffer.from(text).toString('latin1');
  return fc.oneof(
    {
      weight: 15,
      arbitrary: anyValue(body.schema, 'body').map((value) => ({ body: bytes(toJsonText(value)) })),
    },
    { weight: 1, arbitrary: of(RAW_BODIES).map((text) => ({ body: text })) },
  );
}

export function requestOf(operation: Operation): fc.Arbitrary<GeneratedRequest> {
  return fc
    .record({
      sender: of(SENDERS),
      path: pathOf(operation),
      query: queryOf(operation.parameters),
      headers: headersOf(operation),
      content: bodyOf(operation),
    })
    .map(({ sender, path, query, headers, content }) => ({
      operation: operation.id,
      sender,
      target: path + query,
      headers,
      ...content,
    }));
}

/** Any request to any operation. */
export const anyRequest = fc.oneof(...operations.map(requestOf));
