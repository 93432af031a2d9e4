/**
 * The second oracle: a scanner as plain as it can be, which shares nothing with the engine. It reads
 * one whole document by recursive descent without recursion, one byte at a time, and keeps the sum
 * as a BigInt and a scale.
 */
export interface Limits {
  maxDepth: number;
  maxDigits: number;
  maxExponent: number;
}

/** Either the canonical text of the sum or the fault. */
export type Outcome = { sum: string } | { code: string; offset: number };

class Refusal {
  readonly code: string;
  readonly offset: number;
  constructor(code: string, offset: number) {
    this.code = code;
    this.offset = offset;
  }
}

/** Adds decimals; for the tests' oracles. */
export class DecimalSum {
  #units = 0n;
  #scale = 0;

  add(digits: string, exponent: number, negative: boolean): void {
    const value = BigInt(digits) * (negative ? -1n : 1n);
    if (value === 0n) return;
    const scale = Math.max(this.#scale, -exponent);
    this.#units *= 10n ** BigInt(scale - this.#scale);
    this.#units += value * 10n ** BigInt(scale + exponent);
    this.#scale = scale;
  }

  text(): string {
    const negative = this.#units < 0n;
    const digits = String(negative ? -this.#units : this.#units).padStart(this.#scale + 1, '0');
    const point = digits.length - this.#scale;
    const fraction = digits.slice(point).replace(/0+$/, '');
    return (negative ? '-' : '') + digits.slice(0, point) + (fraction && `.${fraction}`);
  }
}

/** The outcome for a document, by the contract of the engine. */
export function referenceSum(bytes: Uint8Array, limits: Limits): Outcome {
  const reader = new Reader(bytes, limits);
  try {
    reader.document();
    return { sum: reader.sum.text() };
  } catch (refusal) {
    if (refusal instanceof Refusal) return { code: refusal.code, offset: refusal.offset };
    throw refusal;
  }
}

class Reader {
  readonly sum = new DecimalSum();
  readonly #bytes: Uint8Array;
  readonly #limits: Limits;
  #at = 0;

  constructor(bytes: Uint8Array, limits: Limits) {
    this.#bytes = bytes;
    this.#limits = limits;
  }

  document(): void {
    if (this.#bytes[0] === 0xef) for (const byte of [0xef, 0xbb, 0xbf]) this.#take(byte);
    this.#nested();
    this.#space();
    if (this.#at < this.#bytes.length) this.#refuse();
  }

  #refuse(): never {
    throw new Refusal('malformed_json', this.#at);
  }

  #peek(): string {
    const byte = this.#bytes[this.#at];
    return byte === undefined ? '' : String.fromCharCode(byte);
  }

  #take(byte: number): void {
    if (this.#bytes[this.#at] !== byte) this.#refuse();
    this.#at++;
  }

  #is(characters: string): boolean {
    const here = this.#peek();
    return here !== '' && characters.includes(here);
  }

  #space(): void {
    while (this.#is(' \t\r\n')) this.#at++;
  }

  #nested(): void {
    const closers: string[] = [];
    for (;;) {
      this.#space();
      if (this.#is('[{')) {
        if (closers.length === this.#limits.maxDepth) throw new Refusal('too_deep', this.#at);
        const closer = this.#peek() === '{' ? '}' : ']';
        this.#at++;
        this.#space();
        if (!this.#is(closer)) {
          closers.push(closer);
          if (closer === '}') this.#name();
          continue;
        }
        this.#at++;
      } else this.#scalar();
      if (this.#afterValue(closers)) return;
    }
  }

  /** Closes what ends here; true when that was the whole value. */
  #afterValue(closers: string[]): boolean {
    for (;;) {
      const closer = closers.at(-1);
      if (closer === undefined) return true;
      this.#space();
      if (this.#is(closer)) {
        this.#at++;
        closers.pop();
        continue;
      }
      this.#take(0x2c);
      if (closer === '}') {
        this.#space();
        this.#name();
      }
      return false;
    }
  }

  #name(): void {
    this.#string();
    this.#space();
    this.#take(0x3a);
  }

  #scalar(): void {
    if (this.#is('"')) {
      this.#string();
      return;
    }
    for (const word of ['true', 'false', 'null']) {
      if (this.#is(word.charAt(0))) {
        for (const letter of word) this.#take(letter.charCodeAt(0));
        return;
      }
    }
    this.#number();
  }

  #string(): void {
    this.#take(0x22);
    while (!this.#is('"')) {
      const byte = this.#bytes[this.#at] ?? -1;
      if (byte < 0x20) this.#refuse();
      if (byte === 0x5c) this.#escape();
      else if (byte >= 0x80) this.#sequence(byte);
      else this.#at++;
    }
    this.#at++;
  }

  #escape(): void {
    this.#at++;
    if (!this.#is('"\\/bfnrtu')) this.#refuse();
    const digits = this.#peek() === 'u' ? 4 : 0;
    this.#at++;
    for (let i = 0; i < digits; i++) {
      if (!this.#is('0123456789abcdefABCDEF')) this.#refuse();
      this.#at++;
    }
  }

  /** One row of table 3-7 of the Unicode Standard for each kind of lead byte. */
  #sequence(lead: number): void {
    const any = [0x80, 0xbf];
    let rest: number[][] | undefined;
    if (lead >= 0xc2 && lead <= 0xdf) rest = [any];
    else if (lead === 0xe0) rest = [[0xa0, 0xbf], any];
    else if (lead === 0xed) rest = [[0x80, 0x9f], any];
    else if (lead >= 0xe1 && lead <= 0xef) rest = [any, any];
    else if (lead === 0xf0) rest = [[0x90, 0xbf], any, any];
    else if (lead >= 0xf1 && lead <= 0xf3) rest = [any, any, any];
    else if (lead === 0xf4) rest = [[0x80, 0x8f], any, any];
    if (!rest) this.#refuse();
    this.#at++;
    for (const [low = 0, high = 0] of rest) {
      const byte = this.#bytes[this.#at] ?? -1;
      if (byte < low || byte > high) this.#refuse();
      this.#at++;
    }
  }

  #number(): void {
    const start = this.#at;
    const negative = this.#is('-');
    if (negative) this.#at++;
    let mantissa = '';
    const digits = (most: number): string => {
      let text = '';
      while (this.#is('0123456789')) {
        if (text.length === most) throw new Refusal('number_out_of_range', start);
        text += this.#peek();
        this.#at++;
      }
      if (text === '') this.#refuse();
      return text;
    };
    if (this.#is('0')) {
      mantissa = '0';
      this.#at++;
    } else mantissa = digits(this.#limits.maxDigits);
    let fraction = '';
    if (this.#is('.')) {
      this.#at++;
      fraction = digits(this.#limits.maxDigits - mantissa.length);
    }
    let exponent = 0;
    if (this.#is('eE')) {
      this.#at++;
      exponent = this.#exponent(start);
    }
    this.sum.add(mantissa + fraction, exponent - fraction.length, negative);
  }

  #exponent(start: number): number {
    const negative = this.#is('-');
    if (this.#is('+-')) this.#at++;
    if (!this.#is('0123456789')) this.#refuse();
    let value = 0;
    while (this.#is('0123456789')) {
      value = value * 10 + Number(this.#peek());
      if (value > this.#limits.maxExponent) throw new Refusal('number_out_of_range', start);
      this.#at++;
    }
    return negative ? -value : value;
  }
}
