/** Seeded random documents of repeated structure: arrays of records, and objects that are maps. */
import { pick, type Random } from './random.ts';
import { randomNumber, randomString } from './random-documents.ts';
import { ANY, type Segment, spell } from './reference-paths.ts';

/** Names as they are after unescaping: short, long, alike, of other scripts, and such as look like something else. */
const NAMES = [
  ...['a', 'b', 'id', 'price', 'unit_price', 'A', '_', 'x0', '0', '42', '7up', '', ' ', 'a b'],
  ...[15, 16, 17, 31, 32, 33, 63, 64, 65, 200].map((length) => 'n'.repeat(length)),
  ...['measurement_alpha', 'measurement_alphb', 'measurement_alpha_in_mm', 'measurement_alph'],
  ...['a":"b', '":', '\\', '\\"', 'a\\', '{"a":1}', '[1,2]', "it's", "']", 'a.b', '[*]', '*', '$'],
  ...['é', 'ß', '€', 'größe', '😀', '\ud83d', '\ude00', '\ud7ff', '\ue000', '\uffff', '\u{10ffff}'],
  ...['\0', '\n', '\b\t\f\r', '\x1f', '\x7f', '\x80', '/', '__proto__', 'constructor', 'toString'],
];

interface ObjectShape {
  members: [string, Shape][];
}
interface ArrayShape {
  elements: Shape;
  /** Most of them. */
  most: number;
}
interface MapShape {
  prefix: string;
  values: Shape;
  most: number;
}
type Shape = 'number' | 'text' | 'word' | ObjectShape | ArrayShape | MapShape;

function randomShape(random: Random, depth: number): Shape {
  const kind = depth === 0 ? random(5) : random(14);
  if (kind < 4) return 'number';
  if (kind === 4) return pick(random, ['text', 'word']);
  if (kind < 8) {
    return { elements: randomShape(random, depth - 1), most: pick(random, [1, 4, 20]) };
  }
  if (kind === 8) {
    const values = randomShape(random, Math.min(depth - 1, 1));
    const most = pick(random, [3, 12, 60, 30_000]);
    return { prefix: pick(random, NAMES), values, most };
  }
  const count = random(7);
  return {
    members: Array.from({ length: count }, () => [
      pick(random, NAMES),
      randomShape(random, depth - 1),
    ]),
  };
}

/** Mostly short, at times longer than any window, and rarely so long that there are many names. */
function randomLength(random: Random): number {
  if (random(50)) return pick(random, [100, 500, 2000]);
  return random(20) ? 50_000 : pick(random, [200_000, 600_000]);
}

/** Writes values of one shape, each a little different or not. */
export class RecordWriter {
  text = '';
  /** Paths of the objects whose members are to share one. */
  readonly collapse: string[] = [];
  /** True if an object had a name twice. */
  hasDuplicates = false;
  readonly #random: Random;
  readonly #shape: Shape;
  readonly #gap: string;
  readonly #collapsed = new Map<string, boolean>();
  /** How much the records differ: 0 not at all, then in their order, their members, and their types. */
  readonly #variety: number;
  readonly #escapes: boolean;
  /** Characters after which arrays and maps get no more. */
  readonly #length: number;

  constructor(random: Random) {
    this.#random = random;
    this.#shape = randomShape(random, 1 + random(4));
    this.#gap = pick(random, ['', '', ' ', '\n  ', ' '.repeat(70)]);
    this.#variety = random(4);
    this.#escapes = random(2) === 0;
    this.#length = randomLength(random);
  }

  /** Adds a value whose place has this path. */
  value(path: string): void {
    this.#write(this.#shape, path);
  }

  /** Adds an array of such values. */
  array(path: string): void {
    const most = pick(this.#random, [2, 8, 40, 30_000]);
    this.#array({ elements: this.#shape, most }, path);
  }

  /** Adds such a value inside of many brackets. */
  deep(path: string): void {
    let inner = path;
    let closers = '';
    for (let i = this.#random(200); i > 0; i--) {
      const name = this.#random(2) ? pick(this.#random, ['a', 'b']) : ANY;
      this.text += name === ANY ? '[' : `{${this.#quoted(name)}:`;
      closers = (name === ANY ? ']' : '}') + closers;
      inner += spell(name);
    }
    this.value(inner);
    this.text += closers;
  }

  #write(shape: Shape, path: string): void {
    const random = this.#random;
    if (this.#variety === 3 && !random(20)) this.#write(randomShape(random, 1), path);
    else if (shape === 'number') {
      this.text += random(4) ? String(random(10 ** random(9))) : randomNumber(random);
    } else if (shape === 'text') this.text += randomString(random);
    else if (shape === 'word') this.text += pick(random, ['true', 'false', 'null']);
    else if ('elements' in shape) this.#array(shape, path);
    else if ('members' in shape) this.#record(shape, path);
    else this.#object(this.#entries(shape), path);
  }

  #array({ elements, most }: ArrayShape, path: string): void {
    this.text += '[';
    const length = this.#random(most + 1);
    for (let i = 0; i < length && this.text.length < this.#length; i++) {
      if (i > 0) this.text += `,${this.#gap}`;
      this.#write(elements, path + spell(ANY));
    }
    this.text += ']';
  }

  #record(shape: ObjectShape, path: string): void {
    const members = this.#varied(shape.members);
    if (new Set(members.map(([name]) => name)).size < members.length) this.hasDuplicates = true;
    this.#object(members, path);
  }

  #object(members: Iterable<[string, Shape]>, path: string): void {
    const isCollapsed = this.#isCollapsed(path);
    this.text += '{';
    let comma = '';
    for (const [name, shape] of members) {
      this.text += `${comma}${this.#gap}${this.#quoted(name)}:${this.#gap}`;
      comma = ',';
      const segment: Segment = isCollapsed ? ANY : name;
      this.#write(shape, path + spell(segment));
    }
    this.text += '}';
  }

  #isCollapsed(path: string): boolean {
    let isCollapsed = this.#collapsed.get(path);
    if (isCollapsed === undefined) {
      isCollapsed = this.#random(6) === 0;
      this.#collapsed.set(path, isCollapsed);
      if (isCollapsed) this.collapse.push(path);
    }
    return isCollapsed;
  }

  #varied(members: [string, Shape][]): [string, Shape][] {
    const random = this.#random;
    if (this.#variety === 0 || random(3)) return members;
    const order = members.map((member) => ({ member, key: random(1000) }));
    let varied = order.sort((a, b) => a.key - b.key).map(({ member }) => member);
    if (this.#variety === 1) return varied;
    varied = varied.filter(() => random(5) > 0);
    if (!random(3)) varied.push([pick(random, NAMES), 'number']);
    return varied;
  }

  *#entries({ prefix, values, most }: MapShape): Generator<[string, Shape]> {
    const from = this.#random(90);
    const length = this.#random(most + 1);
    for (let i = 0; i < length && this.text.length < this.#length; i++) {
      yield [prefix + (from + i), values];
    }
  }

  /** One of the ways to spell a name. */
  #quoted(name: string): string {
    const text = JSON.stringify(name);
    if (!this.#escapes || this.#random(4) || name === '') return text;
    const units = [...Array(name.length).keys()].map((i) => {
      const unit = name.charAt(i);
      const code = name.charCodeAt(i);
      const hex = code.toString(16).padStart(4, '0');
      const isPlain = code >= 0x20 && code < 0x7f && unit !== '"' && unit !== '\\';
      if (isPlain && this.#random(3)) return unit;
      return `\\u${this.#random(2) ? hex : hex.toUpperCase()}`;
    });
    return `"${units.join('')}"`;
  }
}
