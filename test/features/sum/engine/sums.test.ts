import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/features/sum/engine/limits.ts';
import { createNodeEngine } from '../../../../src/features/sum/streams/node-engine.ts';
import { limits, streamed, summed } from './fuzzing.ts';
import { referenceSum } from './reference.ts';

const engine = createNodeEngine(DEFAULT_LIMITS);
const sum = (text: string) => engine.sum(Buffer.from(text));

describe('the sum', () => {
  it.each([
    ['[1,2,3,4]', '10'],
    ['{"a":6,"b":4}', '10'],
    ['[[[2]]]', '2'],
    ['{"a":{"b":4},"c":-2}', '2'],
    ['{"a":[-1,1,"dark"]}', '0'],
    ['[-1,{"a":1,"b":"light"}]', '0'],
    ['[]', '0'],
    ['{}', '0'],
    ['"7"', '0'],
    ['-0', '0'],
    ['[true,{"9":null}]', '0'],
    ['{"a":[1,2,"asa",-4],"b":5}', '4'],
    ['[0.1,0.2]', '0.3'],
    ['[1e2,1.50]', '101.5'],
    ['{"a":1,"a":2}', '3'],
    ['[1e400,-1e400,9007199254740993]', '9007199254740993'],
    ['-0.0e5', '0'],
    ['1e-3', '0.001'],
    ['-12.5E+1', '-125'],
    ['[0.5,-1]', '-0.5'],
    ['[0.9,0.1]', '1'],
    ['[-0.9,-0.1]', '-1'],
    ['[100,-1e-2]', '99.99'],
    [' \t\r\n1 \n', '1'],
    ['\ufeff[1,2]', '3'],
    ['"\\ud800"', '0'],
    ['1e00000000000000000002', '100'],
    ['0e9999', '0'],
  ])('of %s is %s', (text, wanted) => {
    expect(sum(text)).toBe(wanted);
  });

  it('takes Number.MAX_SAFE_INTEGER and beyond, digit by digit', () => {
    expect(sum('[9007199254740993,123456789012345678901234567890]')).toBe(
      '123456789012354686100489308883',
    );
  });

  it.each([1, -1])('does not overflow past 2^63 and 2^127 (sign %i)', (sign) => {
    for (const literal of [2n ** 63n - 1n, 2n ** 64n - 1n, 2n ** 127n - 1n, 10n ** 16n - 1n]) {
      const copies = 5000;
      const text = `[${Array(copies)
        .fill(`${literal * BigInt(sign)}`)
        .join(',')}]`;
      expect(sum(text)).toBe(String(literal * BigInt(sign) * BigInt(copies)));
    }
  });

  it('is exact for numbers of 1 to 80 digits with the point at every place', () => {
    for (let digits = 1; digits <= 80; digits++) {
      for (let point = 1; point <= digits; point++) {
        const text = '9876543210'.repeat(8).slice(0, digits);
        const literal = point < digits ? `${text.slice(0, point)}.${text.slice(point)}` : text;
        const document = Buffer.from(`[-${literal}, ${literal},${literal}]`.padEnd(200));
        expect(summed(engine, document)).toEqual(referenceSum(document, limits));
      }
    }
  });

  it('is exact for every exponent, alone and all together', () => {
    for (const exponent of [-10000, -9999, -65, -33, -32, -1, 0, 31, 32, 33, 64, 9999, 10000]) {
      const document = Buffer.from(`[1.25e${exponent},-7E${exponent}]`);
      expect(summed(engine, document)).toEqual(referenceSum(document, limits));
    }
    const all = Array.from({ length: 20001 }, (_, i) => `3e${i - 10000}`).join(',');
    expect(sum(`[${all}]`)).toBe(`${'3'.repeat(10001)}.${'3'.repeat(10000)}`);
  });

  it('carries across the whole range and back', () => {
    expect(sum('[1e10000,-1e-10000]')).toBe(`${'9'.repeat(10000)}.${'9'.repeat(10000)}`);
    expect(sum('[-1e10000,1e-10000]')).toBe(`-${'9'.repeat(10000)}.${'9'.repeat(10000)}`);
    expect(sum('[1e10000,1e-10000,-1e10000,-1e-10000]')).toBe('0');
  });

  it('takes numbers of 10,000 digits, wherever the point is', () => {
    const digits = '1234567890'.repeat(1000);
    for (const point of [1, 17, 5000, 9999]) {
      const document = Buffer.from(`[${digits.slice(0, point)}.${digits.slice(point)}e-10000]`);
      expect(summed(engine, document)).toEqual(referenceSum(document, limits));
      expect(streamed(engine, [document.subarray(0, 777), document.subarray(777)])).toEqual(
        referenceSum(document, limits),
      );
    }
  });

  it('of a document larger than the window is that of its parts', () => {
    const item = '{"name":"é\\n\\"x","values":[1,-2.5,3e3,0.00000000000000000001],"on":true}';
    const document = Buffer.from(`[${Array(5000).fill(item).join(', ')}]`);
    expect(summed(engine, document)).toEqual(referenceSum(document, limits));
    expect(streamed(engine, [document])).toEqual(referenceSum(document, limits));
  });
});

describe('a summation', () => {
  it('is independent of others that are under way', () => {
    const many = Array.from({ length: 300 }, () => engine.open());
    for (const part of ['[', '1', '2.', '5,"a', 'b",[', '[[[', '1e7', '7', ']]]],-0.', '5]']) {
      for (const one of many) one.write(Buffer.from(part));
    }
    const wanted = `1${'0'.repeat(75)}12`;
    for (const one of many) expect(one.end().sum).toBe(wanted);
  });

  it('gives its memory back when it ends, fails or is closed', () => {
    const heavy = Buffer.from(`[1e9999,-1e-9999,${'['.repeat(5000)}`);
    const use = (last: (one: ReturnType<typeof engine.open>) => void) => {
      for (let i = 0; i < 3000; i++) {
        const one = engine.open();
        one.write(heavy);
        last(one);
      }
    };
    use((one) => one.close());
    const before = process.memoryUsage().rss;
    use((one) => one.close());
    use((one) => expect(() => one.end().sum).toThrow());
    use((one) => expect(() => one.write(Buffer.from('x'))).toThrow());
    expect(process.memoryUsage().rss - before).toBeLessThan(32 * 2 ** 20);
  });

  it('may be closed again, and after its end, without effect on others', () => {
    const first = engine.open();
    first.write(Buffer.from('1'));
    expect(first.end().sum).toBe('1');
    const second = engine.open();
    first.close();
    first.close();
    const third = engine.open();
    second.write(Buffer.from('2'));
    third.write(Buffer.from('3'));
    expect([second.end().sum, third.end().sum]).toEqual(['2', '3']);
  });

  it('refuses use after its end', () => {
    const one = engine.open();
    one.close();
    expect(() => one.write(Buffer.from('1'))).toThrow('over');
    expect(() => one.end().sum).toThrow('over');
  });
});
