/** Seeded random JSON documents, whole and damaged, biased towards what a block scanner gets wrong. */

import { pick, type Random } from './random.ts';

const spaces = ['', '', '', ' ', '\n', '\t', '\r\n  ', ' '.repeat(17), '\n'.padEnd(70)];
const pieces = [
  ['a', 'key', '0', '-1.5', 'true', ',', ':', '[', ']', '{', '}', ' '],
  ['\\"', '\\\\', '\\/', '\\n', '\\u0041', '\\ud800', '\\uDFFF', '\\\\\\"'],
  ['é', 'ß', '\u07ff', '\u0800', '€', '\ud7ff', '\ue000', '\uffff', '😀', '\u{10ffff}', '\x7f'],
  ['x'.repeat(15), 'y'.repeat(31), 'z'.repeat(61), '\\\\'.repeat(33), 'é'.repeat(40)],
];

function digits(random: Random, count: number): string {
  const plain = random(4);
  let text = '';
  for (let i = 0; i < count; i++) text += plain === 0 ? '9' : plain === 1 ? '0' : random(10);
  return text;
}

/** A number of up to some hundred digits. */
export function randomNumber(random: Random): string {
  const longest = pick(random, [1, 2, 4, 9, 17, 20, 41, 120]);
  const whole = digits(random, random(longest + 1)).replace(/^0+/, '') || '0';
  const fraction = random(2) ? `.${digits(random, 1 + random(longest))}` : '';
  const size = pick(random, [3, 20, 40, 70, 400]);
  const exponent = random(4)
    ? ''
    : `${pick(random, ['e', 'E'])}${pick(random, ['', '+', '-'])}${random(4) ? '' : '000'}${random(size)}`;
  return (random(3) ? '' : '-') + whole + fraction + exponent;
}

/** A string with its quotes. */
export function randomString(random: Random): string {
  let text = '"';
  for (let i = random(6); i > 0; i--) text += pick(random, pick(random, pieces));
  return `${text}"`;
}

class Writer {
  text = '';
  #names = 0;
  readonly #random: Random;
  readonly #space: string[];
  readonly #numeric: boolean;

  constructor(random: Random) {
    this.#random = random;
    this.#space = random(3) ? [pick(random, spaces)] : spaces;
    this.#numeric = random(3) === 0;
  }

  value(depth: number): void {
    const random = this.#random;
    this.#gap();
    const kind = random(this.#numeric ? 14 : 10);
    if (this.#numeric && !random(12)) this.#numbers();
    else if (kind < 3 && depth > 0) this.#array(depth);
    else if (kind < 5 && depth > 0 && !(this.#numeric && random(3))) this.#object(depth);
    else if (kind < 7 && !this.#numeric) this.text += randomString(random);
    else if (kind === 7) this.text += pick(random, ['true', 'false', 'null']);
    else this.text += randomNumber(random);
    this.#gap();
  }

  /** Some ten thousand bytes, so that a scan has several runs. */
  long(): void {
    this.text += '[0';
    for (let i = this.#random(60); i > 0; i--) {
      this.text += ',';
      this.value(4);
    }
    this.text += ']';
  }

  #gap(): void {
    this.text += pick(this.#random, this.#space);
  }

  /** Short ones, so that a block has many. */
  #numbers(): void {
    const random = this.#random;
    const [longest, longestFraction] = [1 + random(9), random(2) ? 0 : 1 + random(18)];
    const numbers = Array.from({ length: 1 + random(80) }, () => {
      const whole = digits(random, 1 + random(longest)).replace(/^0+(?=.)/, '');
      const isDecimal = longestFraction > 0 && random(5) > 0;
      const fraction = isDecimal ? `.${digits(random, 1 + random(longestFraction))}` : '';
      return (random(3) ? '' : '-') + whole + fraction;
    });
    this.text += `[${numbers.join(pick(random, [',', ', ', ',\n  ', '\r\n,']))}]`;
  }

  #array(depth: number): void {
    this.text += '[';
    const length = this.#random(7);
    for (let i = 0; i < length; i++) {
      if (i) this.text += ',';
      this.value(depth - 1);
    }
    if (!length) this.#gap();
    this.text += ']';
  }

  #object(depth: number): void {
    this.text += '{';
    const length = this.#random(5);
    for (let i = 0; i < length; i++) {
      if (i) this.text += ',';
      this.#gap();
      // The counter keeps names apart: JSON.parse, an oracle, drops duplicates.
      this.text += `${randomString(this.#random).slice(0, -1)}${this.#names++}"`;
      this.#gap();
      this.text += ':';
      this.value(depth - 1);
    }
    if (!length) this.#gap();
    this.text += '}';
  }
}

/** A well-formed document, mostly of less than a thousand bytes, at times of far more. */
export function randomDocument(random: Random): Buffer {
  const writer = new Writer(random);
  if (random(50)) writer.value(random(7));
  else writer.long();
  const mark = random(20) ? '' : '\ufeff';
  return Buffer.from(mark + writer.text);
}

const nasty = [
  ...Buffer.from('"\\{}[]:, \n\t\r-+.eE0123456789tfnrulasex'),
  ...[
    0x00, 0x1e, 0x1f, 0x7f, 0x80, 0xa0, 0xbf, 0xc0, 0xc3, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff,
  ],
];

/** The document with one to three small damages, which may leave it well-formed. */
export function damaged(random: Random, document: Buffer): Buffer {
  let bytes = document;
  for (let i = random(3); i >= 0; i--) {
    const at = random(bytes.length + 1);
    const head = bytes.subarray(0, at);
    const kind = random(6);
    const inserted = kind < 4 ? [pick(random, nasty)] : [];
    const copied = kind === 5 ? bytes.subarray(at, at + random(100)) : Buffer.alloc(0);
    const skipped = kind === 0 || kind === 5 ? 0 : kind === 4 ? random(3) : 1;
    bytes = Buffer.concat([
      head,
      Buffer.from(inserted),
      copied,
      copied,
      bytes.subarray(at + skipped),
    ]);
  }
  return random(8) ? bytes : bytes.subarray(0, random(bytes.length + 1));
}

/** The document in pieces, empty ones among them. */
export function pieced(random: Random, document: Buffer): Buffer[] {
  const longest = pick(random, [1, 3, 20, 64, 100, 1000]) + (document.length >> 7);
  const out: Buffer[] = [];
  for (let at = 0; at < document.length; ) {
    const length = random(longest + 1);
    out.push(document.subarray(at, at + length));
    at += length;
  }
  return out;
}
