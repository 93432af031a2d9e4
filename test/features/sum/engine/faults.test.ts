import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createFaultReader } from '../../../../src/features/sum/engine/fault.ts';
import { DEFAULT_LIMITS } from '../../../../src/features/sum/engine/limits.ts';
import { createNodeEngine } from '../../../../src/features/sum/streams/node-engine.ts';
import { limits, streamed, summed, tightLimits } from './fuzzing.ts';
import { referenceSum } from './reference.ts';

const engine = createNodeEngine(DEFAULT_LIMITS);
const tight = createNodeEngine({ ...DEFAULT_LIMITS, ...tightLimits });

function refusal(text: string | Buffer): unknown {
  return summed(engine, Buffer.from(text as string));
}

describe('a malformed document', () => {
  it.each([
    ['', 0],
    [' ', 1],
    ['\ufeff', 3],
    ['[', 1],
    ['[1', 2],
    ['[1,', 3],
    ['[1,]', 3],
    ['[,1]', 1],
    ['[1 2]', 3],
    ['[1]]', 3],
    ['[1}', 2],
    ['{1:2}', 1],
    ['{"a"}', 4],
    ['{"a":}', 5],
    ['{"a":1,}', 7],
    ['{"a" 1}', 5],
    ['{"a":1 "b":2}', 7],
    ['{"a":1]', 6],
    ['{,}', 1],
    ['1 1', 2],
    ['1,', 1],
    ['01', 1],
    ['-', 1],
    ['-a', 1],
    ['+1', 0],
    ['.5', 0],
    ['1.', 2],
    ['1.e5', 2],
    ['1e', 2],
    ['1e+', 3],
    ['[1e]', 3],
    ['tru', 3],
    ['trux', 3],
    ['truex', 4],
    ['nul]', 3],
    ['"', 1],
    ['"a', 2],
    ['"\\', 2],
    ['"\\x"', 2],
    ['"\\u12g4"', 5],
    ['"\n"', 1],
    ['"\x00"', 1],
    ['\x00', 0],
    ['\x0b1', 0],
    ['é', 0],
    ['[1]\x0c', 3],
    ['"a""b"', 3],
    ['["a":1]', 4],
    ["'a'", 0],
    ['NaN', 0],
  ])('%j is refused at byte %i', (text, offset) => {
    expect(refusal(text)).toEqual({ code: 'malformed_json', offset });
  });

  it.each([
    ['220a', 1],
    ['2280', 1],
    ['22c328', 2],
    ['22c322', 2],
    ['22c0af', 1],
    ['22e08080', 2],
    ['22eda080', 2],
    ['22f0808080', 2],
    ['22f4908080', 2],
    ['22f5808080', 1],
    ['22e282', 3],
    ['22e28222', 3],
    ['22e2825c', 3],
    ['22ff', 1],
    ['efbb20', 2],
    ['ef31', 1],
    ['efbbbfefbbbf31', 3],
  ])('the bytes %s are refused at byte %i', (hex, offset) => {
    expect(refusal(Buffer.from(hex, 'hex'))).toEqual({ code: 'malformed_json', offset });
  });

  it.each([
    ['[1,}', 'unexpected byte 0x7D (}), expected a value'],
    ['{"a":1 x', "unexpected byte 0x78 (x), expected ',' or '}'"],
    ['1 \x00', 'unexpected byte 0x00, expected the end of the document'],
    ['[1', "unexpected end of the document, expected ',' or ']'"],
    ['"\t"', 'control character 0x09 in a string'],
    ['"\\q"', 'invalid escape in a string: 0x71 (q)'],
  ])('%j is refused because: %s', (text, message) => {
    expect(() => engine.sum(Buffer.from(text))).toThrow(message);
  });

  it('is refused at the first of several faults', () => {
    for (const gap of [0, 1, 30, 63, 64, 65, 4000, 70_000]) {
      const faults = ['x', '"\\q"', '"\x01"', '1.x', '}', ',', '[1}'];
      for (const first of faults) {
        for (const second of faults) {
          const filler = ' '.repeat(gap);
          const document = Buffer.from(`[0,${filler}${first}${filler}${second}${filler}`);
          expect(summed(engine, document)).toEqual(referenceSum(document, limits));
        }
      }
    }
  });
});

describe('nesting', () => {
  it.each([
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"a":', '}]'],
  ])('of %s is accepted up to the limit and refused one past it', (open, close) => {
    const levels = limits.maxDepth / (open.length === 6 ? 2 : 1);
    const document = `${open.repeat(levels)}7${close.repeat(levels)}`;
    expect(engine.sum(Buffer.from(document))).toBe('7');
    const deeper = Buffer.from(`${open.repeat(levels)}[`);
    expect(summed(engine, deeper)).toEqual({ code: 'too_deep', offset: deeper.length - 1 });
  });

  it('must match at every level, in whatever pieces it comes', () => {
    const kinds = Array.from({ length: 500 }, (_, i) => (i * i * 7 + (i >> 3)) % 3 === 0);
    const opening = kinds.map((object) => (object ? '{"":' : '[')).join('');
    const closing = kinds.reverse().map((object) => (object ? '}' : ']'));
    for (let level = 0; level <= 500; level++) {
      const end = closing.slice();
      if (level < 500) end[level] = end[level] === '}' ? ']' : '}';
      const document = Buffer.from(`${opening}1${end.join('')}`);
      const wanted = referenceSum(document, limits);
      expect(summed(engine, document)).toEqual(wanted);
      expect(streamed(engine, [document.subarray(0, 900), document.subarray(900)])).toEqual(wanted);
    }
  });

  it('is restored where a refused run had closed and opened brackets', () => {
    for (const depth of [63, 64, 65, 128, 200]) {
      const dance = `${'],['.repeat(20)}${']'.repeat(70)}`.slice(0, 3 * depth);
      for (const tail of ['1 1', '}', '"\\q"', '\x01', '1e99999']) {
        const document = Buffer.from(`${'['.repeat(depth)}1${dance}${tail}`.padEnd(5000));
        expect(summed(engine, document)).toEqual(referenceSum(document, limits));
      }
    }
  });
});

describe('a number out of range', () => {
  const digits = '7'.repeat(10_000);
  it.each([
    [`[1,${digits}8]`, 3],
    [`[1,0.${digits}]`, 3],
    [`[1,${digits}8garbage`, 3],
    [`[1,-${digits.slice(5)}.12345678`, 3],
    ['[10e10001]', 1],
    ['[1,1e-10001]', 3],
    ['1e99999x', 0],
    ['1E+000010001', 0],
  ])('is refused at its first byte (%#)', (text, offset) => {
    expect(refusal(text)).toEqual({ code: 'number_out_of_range', offset });
    const pieces = [...Buffer.from(text)].map((byte) => Buffer.of(byte));
    expect(streamed(engine, pieces)).toEqual({ code: 'number_out_of_range', offset });
  });

  it('is judged by its digits and its spelled exponent alone', () => {
    expect(refusal(`[${digits},-${digits}]`)).toEqual({ sum: '0' });
    expect(refusal('[1e10000,-1e10000]')).toEqual({ sum: '0' });
    expect(refusal(`${digits}x`)).toEqual({ code: 'malformed_json', offset: 10_000 });
  });

  it('is found in blocks and at their edges under tight limits', () => {
    for (let pad = 0; pad < 130; pad++) {
      for (const number of [
        '1234567890123456789',
        '0.123456789012345678',
        '1e38',
        '12e37',
        '1e-37',
      ]) {
        const document = Buffer.from(`[${' '.repeat(pad)}${number},0]`.padEnd(300));
        expect(summed(tight, document)).toEqual(referenceSum(document, tightLimits));
      }
    }
  });
});

describe('a module whose reasons or phases are not those that have texts', () => {
  const { WebAssembly } = globalThis as unknown as {
    WebAssembly: {
      instantiate(bytes: Uint8Array): Promise<{ instance: { exports: Record<string, unknown> } }>;
    };
  };
  const path = new URL('../../../../src/features/sum/engine/engine.wasm', import.meta.url);

  it('is refused when it is loaded, with the names that differ', async () => {
    const { exports } = (await WebAssembly.instantiate(readFileSync(path))).instance;
    expect(() => createFaultReader(exports)).not.toThrow();
    const { TOO_DEEP, WORD, ...others } = exports;
    expect(() => createFaultReader({ ...others, TOO_WIDE: TOO_DEEP, WORD })).toThrow(
      'engine.wasm and fault.ts differ in TOO_DEEP, TOO_WIDE',
    );
    expect(() => createFaultReader({ ...others, TOO_DEEP })).toThrow('differ in WORD');
  });
});
