import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../../src/features/sum/engine/limits.ts';
import { createNodeEngine } from '../../../../src/features/sum/streams/node-engine.ts';
import { DecimalSum } from './decimal-sum.ts';
import { limits, streamed, totalled } from './fuzzing.ts';
import { createRandom, pick, type Random } from './random.ts';
import { referenceTotal } from './reference.ts';

const engine = createNodeEngine(DEFAULT_LIMITS);

const SEPARATORS = [',', ', ', ',\n', '\r\n,', ' ,\t ', `,${' '.repeat(61)}`];
const EXPONENTS = [
  'e0',
  'E7',
  'e-3',
  'e+12',
  'E-09',
  'e27',
  'e-33',
  'E+99',
  'e-100',
  'E-00000021',
  'e000000031',
  'e-300',
];

interface Decimal {
  digits: string;
  fraction: number;
  exponent: string;
  isNegative: boolean;
}

function randomDecimal(random: Random, whole: number, fraction: number, exponent = ''): Decimal {
  let digits = whole === 1 ? String(random(10)) : String(1 + random(9));
  while (digits.length < whole + fraction) digits += random(4) ? random(10) : pick(random, [0, 9]);
  return { digits, fraction, exponent, isNegative: random(2) === 1 };
}

function spelled({ digits, fraction, exponent, isNegative }: Decimal): string {
  const point = digits.length - fraction;
  const text = fraction > 0 ? `${digits.slice(0, point)}.${digits.slice(point)}` : digits;
  return `${isNegative ? '-' : ''}${text}${exponent}`;
}

function sumOf(decimals: Decimal[]): string {
  const sum = new DecimalSum();
  for (const { digits, fraction, exponent, isNegative } of decimals) {
    sum.add(digits, Number(exponent.slice(1)) - fraction, isNegative);
  }
  return sum.text();
}

/** Adds the decimals as one array, in two pieces and with paths, and as JSON Lines. */
function check(random: Random, decimals: Decimal[], separator: string): void {
  const literals = decimals.map(spelled);
  const array = Buffer.from(`[${literals.join(separator)}]`);
  const lines = Buffer.from(literals.join('\n'));
  const cut = random(array.length + 1);
  const pieces = [array.subarray(0, cut), array.subarray(cut)];
  const [sum, count] = [sumOf(decimals), decimals.length];
  const where = `${array}, cut at ${cut}`;
  expect(engine.sum(array), where).toBe(sum);
  expect(streamed(engine, pieces), where).toEqual({ sum });
  expect(totalled(engine, pieces, { paths: { collapse: [] } }), where).toEqual({
    sum,
    count,
    paths: [{ path: '$[*]', count, sum }],
  });
  expect(totalled(engine, [lines], { format: 'lines' }), where).toEqual({ sum, count });
}

describe('an array of decimals', () => {
  it('is added exactly for every number of digits before and behind the point', () => {
    const random = createRandom(1);
    for (let whole = 1; whole <= 25; whole++) {
      for (let fraction = 0; fraction <= 25; fraction++) {
        const exponent = random(3) ? '' : pick(random, EXPONENTS);
        const decimals = Array.from({ length: 30 }, () =>
          randomDecimal(random, whole, fraction, random(4) ? '' : exponent),
        );
        check(random, decimals, pick(random, SEPARATORS));
      }
    }
  });

  it('is added exactly for numbers of many lengths', () => {
    const random = createRandom(2);
    for (let times = 0; times < 400; times++) {
      const [longest, longestFraction] = [1 + random(9), random(18)];
      const decimals = Array.from({ length: 1 + random(60) }, () => {
        const exponent = random(30) ? '' : pick(random, EXPONENTS);
        const fraction = random(longestFraction + 1);
        return randomDecimal(random, 1 + random(longest), fraction, exponent);
      });
      check(random, decimals, pick(random, SEPARATORS));
    }
  });

  it('may be cut anywhere', () => {
    const random = createRandom(3);
    const decimals = Array.from({ length: 30 }, (_, i) =>
      randomDecimal(random, 1 + (i % 9), i % 11),
    );
    const array = Buffer.from(`[${decimals.map(spelled).join(', ')}]`);
    const sum = sumOf(decimals);
    for (let cut = 0; cut <= array.length; cut++) {
      expect(streamed(engine, [array.subarray(0, cut), array.subarray(cut)])).toEqual({ sum });
    }
  });

  it('does not overflow with a million numbers of many digits', () => {
    const item = '-99999999.999999999999999999999999,';
    const document = Buffer.from(`[${item.repeat(1_000_000)}0]`);
    expect(engine.sum(document)).toBe('-99999999999999.999999999999999999');
  });

  it('has the same outcome whatever stands among the numbers, at every place of a block', () => {
    const many = '0.5,-12.25,3,-0.125,19.99,-1234.5678,0.0,-0,12345678.12345678,7.5,-2.25,'.repeat(
      3,
    );
    const others = [
      ...['1', '-1.5', '123456789.5', '0.123456789', '0.12345678901234567', '5e-1', 'null', '[]'],
      ...['1.', '.5', '-.5', '1..5', '1.5.5', '1.-5', '1-.5', '1.5-', '--1.5', '00.5', '-01.5'],
      ...['1/5', '1.5e', '1.5 1.5', '1.5"', '', ' ', '!', '(1)', "'1'", '*', '#', '1.5:', '\x0b'],
    ];
    const starts = ['[', '{"a":[', '{"a":', '', '[[],', '[\n', '{"a":1},'];
    for (const [index, other] of others.entries()) {
      for (let shift = 0; shift < 64; shift++) {
        const start = shift % 3 ? '[' : pick(createRandom(shift * 64 + index), starts);
        const text = `${start}${' '.repeat(shift)}${many}${other},${many}0${']'.repeat(shift % 2 || 1)}`;
        const document = Buffer.from(text);
        const options = shift % 5 ? {} : { paths: { collapse: [] } };
        const wanted = referenceTotal(document, limits, options);
        expect(totalled(engine, [document], options), text).toEqual(wanted);
      }
    }
  });
});
