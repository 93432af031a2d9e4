import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toJson } from '../../generated-client/src/json.ts';

describe('the text of a document', () => {
  it('is what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false, depthSize: 'large' }), (value) => {
        expect(toJson(value)).toBe(JSON.stringify(value));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    { a: { toJSON: (key: string) => ({ key }) } },
    [{ toJSON: (key: string) => ({ key }) }],
    { toJSON: (key: string) => [key] },
    [new Date(1e12), new URL('http://localhost/x'), Object('s'), Object(1), Object(false)],
    ['\ud800', '\u0000"\\', -0, 5e-324, 1.7976931348623157e308],
    { __proto__: { inherited: 1 }, own: 2, [Symbol('s')]: 3 },
    JSON.parse('{"__proto__":1}'),
  ])('is what JSON.stringify writes of %j', (value) => {
    expect(toJson(value)).toBe(JSON.stringify(value));
  });

  it('may hold one object many times', () => {
    const shared = { a: [1] };
    expect(toJson([shared, { shared }, shared])).toBe('[{"a":[1]},{"shared":{"a":[1]}},{"a":[1]}]');
  });

  it('may be nested deeply', () => {
    let document: unknown[] = [];
    for (let depth = 1; depth < 100_000; depth++) document = [document];
    expect(toJson(document)).toBe('['.repeat(100_000) + ']'.repeat(100_000));
  });

  const ring: unknown[] = [];
  ring.push({ ring });
  it.each([
    ['undefined', undefined, 'document is undefined'],
    ['an undefined member', { a: [0, { b: undefined }] }, 'document["a"][1]["b"] is undefined'],
    ['a hole', new Array(2), 'document[0] is undefined'],
    ['NaN', [Number.NaN], 'document[0] is NaN'],
    ['Infinity', { x: -Infinity }, 'document["x"] is -Infinity'],
    ['a boxed NaN', [Object(Number.NaN)], 'document[0] is NaN'],
    ['a function', [() => 1], 'document[0] is a function'],
    ['a symbol', Symbol('secret'), 'document is a symbol'],
    ['a cycle', ring, 'document[0]["ring"] refers to itself'],
    ['a Map', new Map([[1, 2]]), 'document is a Map'],
    ['a Set', { s: new Set([1]) }, 'document["s"] is a Set'],
    ['a promise', [Promise.resolve(1)], 'document[0] is a Promise'],
    ['nested bytes', [new Uint8Array(2)], 'document[0] is a Uint8Array'],
    ['floats', new Float64Array(2), 'document is a Float64Array'],
    ['a toJSON that gives nothing', { toJSON: () => undefined }, 'document is undefined'],
    [
      'a stream of another kind',
      { async *[Symbol.asyncIterator]() {} },
      'document is an async iterable',
    ],
  ])('refuses %s, and says where', (_, document, message) => {
    expect(() => toJson(document)).toThrow(new TypeError(`${message}, which JSON cannot express`));
  });

  it('ends where toJSON never does', () => {
    const endless = { toJSON: () => [endless] };
    expect(() => toJson(endless)).toThrow(RangeError);
  });
});
