import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/features/sum/engine/limits.ts';
import { createNodeEngine } from '../../../../src/features/sum/streams/node-engine.ts';
import { fuzz, limits, streamed, summed, totalled } from './fuzzing.ts';
import { parsedSum } from './oracle.ts';
import { createRandom } from './random.ts';
import { referenceSum, referenceTotal } from './reference.ts';

const engine = createNodeEngine(DEFAULT_LIMITS);

/** One of each kind of token and trouble, so that every cut and shift falls within each. */
const nasty = [
  '{"a\\\\\\"":[-0.0,12345678901234567890.12345678901234567890e-12,1E+2],"b\\u00e9":{"":null}}',
  '["\\\\\\\\\\\\","\\ud83d\\ude00 \\/\\b\\f\\n\\r\\t",true,false,null,[[[],{}],[{}]]]',
  '\ufeff [ "é€😀\u{10ffff}\u07ff\ud7ff\ue000" , 0 , -1 , 123456789 , 0.000000000000000001 ] ',
  '{"deep":[[[[[{"x":[1,[2,[3]]]}]]]]],"s":"{[\\"]}:,","t":[ ] , "u" : { } }\n',
  '[1e10000,-1e-10000,99999999999999999999999999999999999999,0e0]',
  '-123.456e+7',
  '[1,2',
  '{"a":tru}',
  '["\\u12x4"]',
  '["\x1f"]',
  '[1.5.5]',
  '[1,,2]',
];
const broken = ['5b22c328225d', '5b22eda080225d', '5b22e28222', '22f09f9822', '5b22ff', '80'];
const corpus = [
  ...nasty.map((text) => Buffer.from(text)),
  ...broken.map((hex) => Buffer.from(hex, 'hex')),
];

describe('a document in pieces', () => {
  it('has the same outcome for every cut into two, and byte by byte', () => {
    for (const short of corpus) {
      const long = Buffer.concat([Buffer.from(`[${'"x",'.repeat(40)}`), short]);
      for (const document of [short, long]) {
        const wanted = referenceSum(document, limits);
        expect(summed(engine, document)).toEqual(wanted);
        for (let cut = 0; cut <= document.length; cut++) {
          const pieces = [document.subarray(0, cut), document.subarray(cut)];
          expect(streamed(engine, pieces)).toEqual(wanted);
        }
        const bytes = Array.from(document, (byte) => Buffer.of(byte));
        expect(streamed(engine, bytes)).toEqual(wanted);
      }
    }
  });

  it('has the same outcome wherever the edges of blocks and windows fall', () => {
    const shifts = [...Array(130).keys(), 4030, 4095, 4096, 4097, 65470, 65535, 65536, 65537];
    for (const tail of corpus) {
      for (const shift of shifts) {
        const document = Buffer.concat([
          Buffer.from(`[${' '.repeat(shift)}`),
          tail.subarray(tail[0] === 0xef ? 3 : 0),
          Buffer.from(`,"${'y'.repeat(140)}"]`),
        ]);
        expect(summed(engine, document)).toEqual(referenceSum(document, limits));
      }
    }
  });

  it('has the same outcome whatever stands among many short integers, at every place of a block', () => {
    const many = '7,-12,345,-6789,0,-0,12345,-99999999,[1],-2,{"":3},12345678,40,-5,600,'.repeat(3);
    const others = [
      ...[
        '1',
        '-10',
        '123456789',
        '-1234567890123456789012345',
        '1.5',
        '-0.25e1',
        'true',
        '"1"',
        '[]',
      ],
      ...['01', '-01', '00', '-', '--1', '1-', '1-2', '+1', '1+1', '1.', '.5', '0x1', '1e', 'tru'],
      ...['1 2', '1"2"', '-\n1', '', '\u00e9', '=', 'M', '٣'],
    ];
    for (const other of others) {
      for (let shift = 0; shift < 64; shift++) {
        const text = `[${' '.repeat(shift)}${many}${other},${many}0]`;
        const document = Buffer.from(text);
        const wanted = referenceSum(document, limits);
        expect(summed(engine, document), text).toEqual(wanted);
        const cut = (shift * 37) % document.length;
        const pieces = [document.subarray(0, cut), document.subarray(cut)];
        expect(streamed(engine, pieces), `${text}, cut at ${cut}`).toEqual(wanted);
      }
    }
  });

  it('has the same outcome whatever stands in a long string, at every place of a block', () => {
    const fillers = ['text ', 'Größe ', '学而时习', '👋🏽'].map((text) =>
      Buffer.from(text.repeat(80).slice(0, 200)),
    );
    const inserted = [
      '',
      '\\n',
      '\\"',
      '\\\\',
      '\\u00e9',
      '\\x',
      '"',
      '",3,"',
      '\n',
      '\x1e',
      '\x1f',
      '\0',
    ];
    const bytes = inserted.map((text) => Buffer.from(text));
    for (const broken of ['c3', '80', 'e282', 'eda080', 'ff'])
      bytes.push(Buffer.from(broken, 'hex'));
    for (const [index, insert] of bytes.entries()) {
      for (let shift = 0; shift < 64; shift++) {
        const filler = fillers[(index + shift) % fillers.length]!;
        const document = Buffer.concat([
          Buffer.from(`{"a":[1,"${'x'.repeat(shift)}`),
          filler,
          insert,
          filler,
          Buffer.from(`",2],"${'y'.repeat(200)}":4}`),
        ]);
        for (const format of ['json', 'lines', 'sequence'] as const) {
          const options = { format, paths: { collapse: [] } };
          const start = Buffer.from(format === 'sequence' ? '\x1e' : '');
          const whole = Buffer.concat([start, document, Buffer.from('\n')]);
          const wanted = referenceTotal(whole, limits, options);
          expect(totalled(engine, [whole], options), whole.toString()).toEqual(wanted);
          const cut = (shift * 37 + index) % whole.length;
          const pieces = [whole.subarray(0, cut), whole.subarray(cut)];
          expect(totalled(engine, pieces, options), `cut at ${cut}`).toEqual(wanted);
        }
      }
    }
  });

  it('may hold strings, numbers and white space longer than any window', () => {
    const fillers = [
      `"${'a\\n"'.slice(0, 3).repeat(60_000)}"`,
      `"${'é€'.repeat(40_000)}"`,
      `1${' '.repeat(200_000)}`,
      `1e${'0'.repeat(100_000)}1`,
    ];
    for (const filler of fillers) {
      const document = Buffer.from(`[0,${filler},2]`);
      const wanted = referenceSum(document, limits);
      expect(summed(engine, document)).toEqual(wanted);
      expect(streamed(engine, [document.subarray(0, 70_001), document.subarray(70_001)])).toEqual(
        wanted,
      );
    }
  });
});

describe('the validity of UTF-8', () => {
  it('is that of the platform for every sequence of two bytes and edges of longer ones', () => {
    const edges = [
      0x00, 0x22, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xe1, 0xff,
    ];
    const padding = 'z'.repeat(70);
    for (let lead = 0x80; lead < 0x100; lead++) {
      for (let second = 0; second < 0x100; second++) {
        check([lead, second], padding);
        if (lead < 0xe0 || second < 0x80 || second > 0xbf) continue;
        for (const third of edges) {
          check([lead, second, third], padding);
          if (lead >= 0xf0)
            for (const fourth of edges) check([lead, second, third, fourth], padding);
        }
      }
    }
  });

  function check(sequence: number[], padding: string): void {
    const text = Buffer.from([...sequence]);
    const document = Buffer.concat([Buffer.from('"'), text, Buffer.from(`${padding}"`)]);
    const outcome = summed(engine, document);
    const wanted = parsedSum(document);
    if ('sum' in outcome !== (wanted !== undefined)) {
      throw new Error(`${text.toString('hex')}: ${JSON.stringify(outcome)}, ${wanted}`);
    }
  }
});

describe('random documents', () => {
  it('have the outcome of both oracles', () => {
    const seed = createRandom(Date.now() | 0)(1_000_000);
    expect(fuzz(10_000, 1).documents).toBe(10_000);
    expect(() => fuzz(2_000, seed), `seed ${seed}`).not.toThrow();
  });
});
