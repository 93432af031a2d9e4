import { ANY, type Place } from './reference-paths.ts';

export interface Limits {
  maxDepth: number;
  maxDigits: number;
  maxExponent: number;
  maxPaths: number;
  maxPathBytes: number;
}

export class Refusal {
  readonly code: string;
  readonly offset: number;

  constructor(code: string, offset: number) {
    this.code = code;
    this.offset = offset;
  }
}

interface ReaderOptions {
  /** Characters that are white space inside of a value. */
  white: string;
  /** Paths of the objects whose members share one path. */
  collapse: readonly string[];
  limits: Limits;
  /** Called at the first byte of each number. */
  beforeNumber(place: Place): void;
  /** Called behind each number, `digits` times ten to the power of `exponent`. */
  onNumber(place: Place, literal: Literal): void;
}

interface Literal {
  digits: string;
  exponent: number;
  negative: boolean;
}

/** An array or object that is open. */
interface Container {
  closer: string;
  place: Place;
  /** The place of the value under way. */
  inner: Place;
}

/** Reads JSON values by recursive descent without recursion, one byte at a time. Shares nothing with the engine. */
export class Reader {
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #options: ReaderOptions;

  constructor(bytes: Uint8Array, options: ReaderOptions) {
    this.#bytes = bytes;
    this.#options = options;
  }

  get isAtEnd(): boolean {
    return this.at === this.#bytes.length;
  }

  refuse(code = 'malformed_json', at = this.at): never {
    throw new Refusal(code, at);
  }

  /** True if the next byte is one of these characters. */
  is(characters: string): boolean {
    const here = this.#peek();
    return here !== '' && characters.includes(here);
  }

  take(byte: number): void {
    if (this.#bytes[this.at] !== byte) this.refuse();
    this.at++;
  }

  byteOrderMark(): void {
    if (this.#bytes[0] === 0xef) for (const byte of [0xef, 0xbb, 0xbf]) this.take(byte);
  }

  space(): void {
    while (this.is(this.#options.white)) this.at++;
  }

  value(place: Place): void {
    const open: Container[] = [];
    let here = place;
    for (;;) {
      this.space();
      const container = this.is('[{') ? this.#container(here, open.length) : this.#scalar(here);
      if (container) open.push(container);
      else if (this.#afterValue(open)) return;
      here = open.at(-1)!.inner;
    }
  }

  #peek(): string {
    const byte = this.#bytes[this.at];
    return byte === undefined ? '' : String.fromCharCode(byte);
  }

  /** Reads up to the first value inside; undefined if there is none. */
  #container(place: Place, depth: number): Container | undefined {
    if (depth === this.#options.limits.maxDepth) this.refuse('too_deep');
    const closer = this.is('{') ? '}' : ']';
    this.at++;
    this.space();
    if (!this.is(closer)) return { closer, place, inner: this.#inner(closer, place) };
    this.at++;
    return undefined;
  }

  /** Closes what ends here; true when that was the whole value. */
  #afterValue(open: Container[]): boolean {
    for (;;) {
      const container = open.at(-1);
      if (!container) return true;
      this.space();
      if (!this.is(container.closer)) {
        this.take(0x2c);
        this.space();
        container.inner = this.#inner(container.closer, container.place);
        return false;
      }
      this.at++;
      open.pop();
    }
  }

  /** Returns the place of the next value in a container, whose name it reads. */
  #inner(closer: string, place: Place): Place {
    if (closer === ']') return place.at(ANY);
    const name = this.#string();
    this.space();
    this.take(0x3a);
    return place.at(this.#options.collapse.includes(place.path) ? ANY : name);
  }

  #scalar(place: Place): undefined {
    const word = ['true', 'false', 'null'].find((word) => this.is(word.charAt(0)));
    if (word) for (const letter of word) this.take(letter.charCodeAt(0));
    else if (this.is('"')) this.#string();
    else this.#number(place);
  }

  #string(): string {
    this.take(0x22);
    let text = '';
    while (!this.is('"')) {
      const byte = this.#bytes[this.at] ?? -1;
      if (byte < 0x20) this.refuse();
      if (byte === 0x5c) text += this.#escape();
      else if (byte >= 0x80) text += this.#sequence(byte);
      else {
        text += this.#peek();
        this.at++;
      }
    }
    this.at++;
    return text;
  }

  /** One UTF-16 code unit, which may be half of a pair. */
  #escape(): string {
    this.at++;
    if (!this.is('"\\/bfnrtu')) this.refuse();
    const letter = this.#peek();
    this.at++;
    if (letter !== 'u') return { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }[letter] ?? letter;
    let digits = '';
    while (digits.length < 4) {
      if (!this.is('0123456789abcdefABCDEF')) this.refuse();
      digits += this.#peek();
      this.at++;
    }
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  /** One row of table 3-7 of the Unicode Standard for each kind of lead byte. */
  #sequence(lead: number): string {
    const any = [0x80, 0xbf];
    let rest: number[][] | undefined;
    if (lead >= 0xc2 && lead <= 0xdf) rest = [any];
    else if (lead === 0xe0) rest = [[0xa0, 0xbf], any];
    else if (lead === 0xed) rest = [[0x80, 0x9f], any];
    else if (lead >= 0xe1 && lead <= 0xef) rest = [any, any];
    else if (lead === 0xf0) rest = [[0x90, 0xbf], any, any];
    else if (lead >= 0xf1 && lead <= 0xf3) rest = [any, any, any];
    else if (lead === 0xf4) rest = [[0x80, 0x8f], any, any];
    if (!rest) this.refuse();
    this.at++;
    let code = lead & (0x3f >> rest.length);
    for (const [low = 0, high = 0] of rest) {
      const byte = this.#bytes[this.at] ?? -1;
      if (byte < low || byte > high) this.refuse();
      code = (code << 6) | (byte & 0x3f);
      this.at++;
    }
    return String.fromCodePoint(code);
  }

  #number(place: Place): void {
    if (!this.is('-0123456789')) this.refuse();
    this.#options.beforeNumber(place);
    const start = this.at;
    const negative = this.is('-');
    if (negative) this.at++;
    const { maxDigits } = this.#options.limits;
    let whole = '0';
    if (this.is('0')) this.at++;
    else whole = this.#digits(maxDigits, start);
    let fraction = '';
    if (this.is('.')) {
      this.at++;
      fraction = this.#digits(maxDigits - whole.length, start);
    }
    let exponent = -fraction.length;
    if (this.is('eE')) {
      this.at++;
      exponent += this.#exponent(start);
    }
    this.#options.onNumber(place, { digits: whole + fraction, exponent, negative });
  }

  #digits(most: number, start: number): string {
    let text = '';
    while (this.is('0123456789')) {
      if (text.length === most) this.refuse('number_out_of_range', start);
      text += this.#peek();
      this.at++;
    }
    if (text === '') this.refuse();
    return text;
  }

  #exponent(start: number): number {
    const negative = this.is('-');
    if (this.is('+-')) this.at++;
    if (!this.is('0123456789')) this.refuse();
    let value = 0;
    while (this.is('0123456789')) {
      value = value * 10 + Number(this.#peek());
      if (value > this.#options.limits.maxExponent) this.refuse('number_out_of_range', start);
      this.at++;
    }
    return negative ? -value : value;
  }
}
