import { describe, expect, it } from 'vitest';
import { DocumentFault, type DocumentOptions } from '../../../../src/features/sum/engine/index.ts';
import { DEFAULT_LIMITS } from '../../../../src/features/sum/engine/limits.ts';
import { createNodeEngine } from '../../../../src/features/sum/streams/node-engine.ts';
import { limits } from './fuzzing.ts';
import { type ReferenceOptions, referenceTotal } from './reference.ts';

const engine = createNodeEngine(DEFAULT_LIMITS);

function totalOf(chunks: Uint8Array[], options: DocumentOptions, by = engine) {
  const summation = by.open(options);
  try {
    for (const chunk of chunks) summation.write(chunk);
    return summation.end();
  } catch (fault) {
    if (!(fault instanceof DocumentFault)) throw fault;
    const { code, offset, line } = fault;
    return { code, offset, ...(line !== undefined && { line }) };
  }
}

const paths = { collapse: [] };
const orders = Array.from({ length: 40 }, (_, id) => ({
  id,
  name: `order "${id}"`,
  lines: [{ price: id + 0.25, 'a "quoted" name': 1, 'a name of more than sixteen bytes': 2 }, {}],
  totals: { ['x'.repeat(70)]: id, é: -id, '\ud800': 3, 'a\\': { b: [id, [id]] } },
}));
const document = JSON.stringify({ orders, numbers: Array.from({ length: 90 }, (_, i) => i) });

describe('the totals of paths', () => {
  it.each<[string, string, ReferenceOptions]>([
    ['a document', document, { paths }],
    ['a collapsed one', document, { paths: { collapse: ['$.orders[*].totals', '$'] } }],
    [
      'lines',
      orders.map((order) => `${JSON.stringify(order)}\r\n`).join('\n'),
      { format: 'lines', paths },
    ],
    [
      'a sequence',
      orders.map((order) => `\x1e${JSON.stringify(order, null, 1)}\n`).join(''),
      { format: 'sequence', paths },
    ],
    [
      'many short lines behind a byte-order mark',
      `\ufeff${'123456\n'.repeat(40)}`,
      { format: 'lines', paths },
    ],
    ['a dense sequence', '\x1e1 \x1e22 \x1e333\n'.repeat(30), { format: 'sequence', paths }],
  ])('of %s do not depend on where it is cut', (_, text, options) => {
    const bytes = Buffer.from(text);
    const wanted = referenceTotal(bytes, limits, options);
    expect(wanted).toHaveProperty('paths');
    for (let cut = 0; cut <= bytes.length; cut++) {
      const chunks = [bytes.subarray(0, cut), bytes.subarray(cut)];
      expect(totalOf(chunks, options)).toEqual(wanted);
    }
  });

  it('are those of the places, whatever the place of the document in a block, a run and a window', () => {
    for (let shift = 0; shift < 130; shift++) {
      for (const before of [0, 8192, 65_536]) {
        const bytes = Buffer.from(`${' '.repeat(shift + before)}${document}`);
        const wanted = referenceTotal(Buffer.from(document), limits, { paths });
        expect(totalOf([bytes], { paths })).toEqual(wanted);
      }
    }
  });

  it('take names of any length', () => {
    for (const length of [15, 16, 17, 64, 8192, 70_000, 300_000]) {
      const name = `${'n'.repeat(length - 1)}\\u0041`;
      const bytes = Buffer.from(`{"${name}":1,"b":{"${name}":2,"${name.slice(1)}":3}}`);
      const wanted = referenceTotal(bytes, limits, { paths });
      expect(totalOf([bytes], { paths })).toEqual(wanted);
      expect(totalOf([bytes.subarray(0, 20), bytes.subarray(20)], { paths })).toEqual(wanted);
    }
  });

  it('need no memory for objects without numbers, however many', () => {
    const summation = engine.open({ paths });
    summation.write(Buffer.from('{"total":1'));
    for (let i = 0; i < 300; i++) {
      const entries = Array.from(
        { length: 1000 },
        (_, j) => `,"u${i}-${j}":{"name":"x","tags":[{}]}`,
      );
      summation.write(Buffer.from(entries.join('')));
    }
    expect(summation.extraBytes).toBeLessThan(4 * 1024 ** 2);
    summation.write(Buffer.from('}'));
    expect(summation.end()).toEqual({
      sum: '1',
      count: 1,
      paths: [{ path: '$.total', count: 1, sum: '1' }],
    });
  });

  it('are refused beyond the limits, with the collapse that helps', () => {
    const users = Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`u${i}`, i]));
    const bytes = Buffer.from(JSON.stringify({ tax: 1, users }));
    const refused = () => {
      const summation = engine.open({ paths });
      summation.write(bytes);
    };
    expect(refused).toThrow(
      'most lead through members of the object at $.users: collapse=$.users gives them one path',
    );
    expect(totalOf([bytes], { paths: { collapse: ['$.users'] } })).toMatchObject({ count: 10_002 });
  });

  it('are advised to collapse a map of maps from the outside', () => {
    const inner = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`k${i}`, i]));
    const outer = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`g${i}`, inner]));
    const summation = engine.open({ paths });
    expect(() => summation.write(Buffer.from(JSON.stringify({ a: outer })))).toThrow(
      'collapse=$.a gives',
    );
  });

  it('have the same fault in the same words, wherever the document is cut', () => {
    const crowd = Array.from({ length: 30 }, (_, i) => `"n${i}":"text","k${i}":{"id":${i}}`);
    const few = createNodeEngine({ ...DEFAULT_LIMITS, maxPaths: 20 });
    for (const text of [
      '[false,0E+00061,[e999, 0],0.999999999999999999999999999999999999999E-11,"filler"]',
      `[ [ ${' '.repeat(70)} tru, "some more bytes, so that there are whole blocks"${' '.repeat(80)}]]`,
      `{${crowd}}`,
    ]) {
      const faults = new Set<string>();
      for (let cut = 0; cut <= text.length; cut++) {
        const summation = few.open({ paths });
        try {
          for (const part of [text.slice(0, cut), text.slice(cut)])
            summation.write(Buffer.from(part));
        } catch (fault) {
          faults.add(String(fault));
        }
      }
      expect([...faults]).toHaveLength(1);
    }
  });

  it('are refused if they are too long together, also because of their sums', () => {
    const small = createNodeEngine({ ...DEFAULT_LIMITS, maxPathBytes: 100 });
    const long = Buffer.from('[1e99]');
    expect(totalOf([long], { paths }, small)).toEqual({ code: 'too_many_paths', offset: 6 });
    const name = Buffer.from(`{"${'n'.repeat(100)}":1}`);
    expect(totalOf([name], { paths }, small)).toEqual({ code: 'too_many_paths', offset: 104 });
    expect(totalOf([Buffer.from('[1e90]')], { paths }, small)).toHaveProperty('sum');
  });

  it('leave no memory behind', () => {
    const used = () => {
      const summation = engine.open({ paths: { collapse: ['$.a.b[*]'] } });
      summation.write(Buffer.from(document));
      const { extraBytes } = summation;
      summation.close();
      return extraBytes;
    };
    const first = used();
    for (let i = 0; i < 50; i++) expect(used()).toBe(first);
  });
});
