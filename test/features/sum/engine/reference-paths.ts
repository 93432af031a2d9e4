import { DecimalSum } from './decimal-sum.ts';

/** An element of an array, or a member of an object that is collapsed. */
export const ANY = Symbol('[*]');
export type Segment = string | typeof ANY;

/** A place in the structure: the values that share a path. */
export class Place {
  /** Numbers at this place. */
  count = 0;
  readonly path: string;
  /** Bytes of the path as `maxPathBytes` counts them. */
  readonly bytes: number;
  #sum: DecimalSum | undefined;
  #inner: Map<Segment, Place> | undefined;

  constructor(path = '$', bytes = 1) {
    this.path = path;
    this.bytes = bytes;
  }

  get sum(): DecimalSum {
    this.#sum ??= new DecimalSum();
    return this.#sum;
  }

  at(segment: Segment): Place {
    this.#inner ??= new Map();
    let place = this.#inner.get(segment);
    if (!place) {
      const bytes = segment === ANY ? 3 : 4 + bytesOf(segment);
      place = new Place(this.path + spell(segment), this.bytes + bytes);
      this.#inner.set(segment, place);
    }
    return place;
  }

  /** Returns this place and those inside it, as far as they hold numbers, in the order of their paths' bytes. */
  withNumbers(): Place[] {
    const found: Place[] = [];
    const left: Place[] = [this];
    for (let place = left.pop(); place; place = left.pop()) {
      if (place.count > 0) found.push(place);
      if (place.#inner) for (const inner of place.#inner.values()) left.push(inner);
    }
    return found.sort((a, b) => compareCodePoints(a.path, b.path));
  }
}

/** The only place of a document whose paths nobody asked for. */
export class WholeDocument extends Place {
  override at(): Place {
    return this;
  }
}

/** The order of bytes in UTF-8, and in WTF-8 where half of a surrogate pair stands alone, is that of code points. */
function compareCodePoints(a: string, b: string): number {
  const left = Array.from(a, (character) => character.codePointAt(0)!);
  const right = Array.from(b, (character) => character.codePointAt(0)!);
  for (let i = 0; ; i++) {
    const [x = -1, y = -1] = [left[i], right[i]];
    if (x !== y || x === -1) return x - y;
  }
}

/** Bytes of a text in UTF-8; three for half of a surrogate pair. */
function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}

/** RFC 9535: the shorthand of section 2.5.1.1 where it can be, otherwise the normal form of section 2.7. */
export function spell(segment: Segment): string {
  if (segment === ANY) return '[*]';
  const characters = [...segment];
  const isShort = characters.every((character, i) => isNameCharacter(character, i === 0));
  if (isShort && segment !== '') return `.${segment}`;
  return `['${characters.map(escaped).join('')}']`;
}

function isNameCharacter(character: string, isFirst: boolean): boolean {
  const code = character.codePointAt(0)!;
  if (code >= 0x80) return code < 0xd800 || code > 0xdfff;
  if (character >= '0' && character <= '9') return !isFirst;
  return character === '_' || character.toLowerCase() !== character.toUpperCase();
}

function escaped(character: string): string {
  const letter = "\b\t\n\f\r'\\".indexOf(character);
  if (letter >= 0) return `\\${"btnfr'\\"[letter]}`;
  const code = character.codePointAt(0)!;
  return code < 0x20 ? `\\u${code.toString(16).padStart(4, '0')}` : character;
}
