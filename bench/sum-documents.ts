import { createRandom, pick, type Random } from '../test/features/sum/engine/random.ts';

/** Generates documents of many kinds from a seed: what the files of packages, which `sum.ts` reads besides, have little of. */

/** A kind of document: its bytes are the same in every run. */
export interface GeneratedDocument {
  name: string;
  bytes: Buffer;
  /** One value on each line, rather than one document. */
  isLines?: boolean;
}

const KILOBYTE = 1000;

/** Calls `item` until its texts have about `bytes` bytes together. */
function itemsOf(bytes: number, item: (index: number) => string): string[] {
  const items: string[] = [];
  for (let left = bytes; left > 0; ) {
    const text = item(items.length);
    items.push(text);
    left -= Buffer.byteLength(text) + 1;
  }
  return items;
}

function digitsOf(random: Random, count: number): string {
  let text = String(1 + random(9));
  while (text.length < count) text += random(10);
  return text;
}

/** Returns a decimal with so many digits, of which one to `longestWhole` stand before the point. */
function decimal(random: Random, fewest: number, most: number, longestWhole: number): string {
  const digits = digitsOf(random, fewest + random(most - fewest + 1));
  const point = 1 + random(Math.min(longestWhole, digits.length - 1));
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

const money = (random: Random) => `${random(5000)}.${random(10)}${random(10)}`;
const short = (random: Random) => decimal(random, 6, 9, 5);
const long = (random: Random) => decimal(random, 10, 17, 4);
const measured = (random: Random) => String(random(1_000_000) / 1_000_003);
const signed = (random: Random, text: string) => (random(2) ? `-${text}` : text);

/** An exponent has two digits at least, as `printf` and most languages print it. */
function exponential(random: Random): string {
  const exponent = String(random(30)).padStart(2, '0');
  return signed(
    random,
    decimal(random, 2, 12, 1) + pick(random, ['e', 'E', 'e+', 'e-']) + exponent,
  );
}

function coordinates(random: Random, places: number): string {
  const longitude = `${random(180)}.${digitsOf(random, places)}`;
  return `[${signed(random, longitude)},${signed(random, `${random(90)}.${digitsOf(random, places)}`)}]`;
}

function feature(random: Random, places: number): string {
  const ring = Array.from({ length: 4 + random(60) }, () => coordinates(random, places));
  const geometry = `{"type":"Polygon","coordinates":[[${ring.join(',')}]]}`;
  return `{"type":"Feature","properties":{"id":${random(99_999)}},"geometry":${geometry}}`;
}

const WORDS = {
  german:
    'über die Größe der Straße hören wir später Grüße aus München, schöne Bäume müßten blühen',
  russian: 'Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива',
  chinese: '学而时习之 不亦说乎 有朋自远方来 不亦乐乎 人不知而不愠 不亦君子乎',
  emoji: 'well done 🎉 see you 👋🏽 soon 🚀🚀 ok 👍 love ❤️ it 😀😃😄',
  english: 'the quick brown fox jumps over a lazy dog while nobody at all is watching it from afar',
};

function prose(random: Random, script: keyof typeof WORDS, words: number): string {
  const known = WORDS[script].split(' ');
  return Array.from({ length: words }, () => pick(random, known)).join(' ');
}

function article(random: Random, script: keyof typeof WORDS): string {
  const text = prose(random, script, 40 + random(120));
  return `{"id":${random(9999)},"title":"${prose(random, script, 5)}","text":"${text}"}`;
}

/** Text as of web pages and source code, in which quotes, line feeds and the like are escaped. */
function escapedText(random: Random): string {
  const escapes = ['\\n', '\\"', '\\\\', '\\u00e9', '\\t', '\\/'];
  const words = Array.from({ length: 60 }, () => prose(random, 'english', 2 + random(6)));
  return `{"id":${random(9999)},"html":"${words.map((text) => text + pick(random, escapes)).join('')}"}`;
}

function record(random: Random): object {
  return {
    id: random(1_000_000),
    q: random(20),
    p: random(100_000) / 100,
    t: random(20_000) / 1000,
    ok: random(2) === 1,
    c: pick(random, ['EUR', 'USD', 'CHF']),
    n: null,
  };
}

function logLine(random: Random): string {
  return JSON.stringify({
    time: `2026-03-${10 + random(20)}T1${random(10)}:2${random(10)}:00.${100 + random(900)}Z`,
    level: pick(random, [30, 40, 50]),
    pid: 1000 + random(9000),
    hostname: `web-${random(8)}`,
    requestId: `${digitsOf(random, 8)}-4c1e-${digitsOf(random, 12)}`,
    message: prose(random, 'english', 4 + random(8)),
    responseTime: Number(decimal(random, 3, 17, 3)),
  });
}

function nested(random: Random, depth: number): unknown {
  if (depth === 0) return random(2) ? random(1000) : random(100_000) / 1000;
  const inner = nested(random, depth - 1);
  return random(2) ? { a: inner, b: [random(10)] } : [inner, { c: random(100) }];
}

const SMALL_VALUES = ['0', '1', '-1', 'true', 'false', 'null', '""', '[]', '{}', '0.5', '"a"'];

function array(items: string[], separator = ','): string {
  return `[${items.join(separator)}]`;
}

/** The text of each kind, of a size between 100 KB and 3 MB. */
const KINDS: Record<string, (random: Random) => string> = {
  'integers, 1 to 6 digits': (random) =>
    array(itemsOf(500 * KILOBYTE, () => signed(random, digitsOf(random, 1 + random(6))))),
  'integers, 7 to 19 digits': (random) =>
    array(itemsOf(500 * KILOBYTE, () => digitsOf(random, 7 + random(13)))),
  'amounts, two decimals': (random) => array(itemsOf(1000 * KILOBYTE, () => money(random))),
  'amounts, spaced': (random) =>
    array(
      itemsOf(300 * KILOBYTE, () => money(random)),
      ', ',
    ),
  'decimals, 6 to 9 digits': (random) => array(itemsOf(1000 * KILOBYTE, () => short(random))),
  'decimals, 6 to 9, one per line': (random) =>
    `[\n  ${itemsOf(1000 * KILOBYTE, () => signed(random, short(random))).join(',\n  ')}\n]\n`,
  'decimals, 10 to 17 digits': (random) => array(itemsOf(1000 * KILOBYTE, () => long(random))),
  'decimals, 10 to 17, one per line': (random) =>
    `[\n  ${itemsOf(1000 * KILOBYTE, () => signed(random, long(random))).join(',\n  ')}\n]\n`,
  'measurements, as floats print': (random) =>
    array(itemsOf(3000 * KILOBYTE, () => measured(random))),
  'exponents, signed': (random) => array(itemsOf(300 * KILOBYTE, () => exponential(random))),
  'coordinates, 6 decimals': (random) =>
    `{"features":${array(itemsOf(1500 * KILOBYTE, () => feature(random, 6)))}}`,
  'coordinates, 15 decimals': (random) =>
    `{"features":${array(itemsOf(1500 * KILOBYTE, () => feature(random, 15)))}}`,
  'coordinates, indented': (random) =>
    JSON.stringify(JSON.parse(array(itemsOf(300 * KILOBYTE, () => feature(random, 6)))), null, 2),
  'prose, English': (random) => array(itemsOf(1000 * KILOBYTE, () => article(random, 'english'))),
  'prose, German': (random) => array(itemsOf(1000 * KILOBYTE, () => article(random, 'german'))),
  'prose, Russian': (random) => array(itemsOf(1000 * KILOBYTE, () => article(random, 'russian'))),
  'prose, Chinese': (random) => array(itemsOf(1000 * KILOBYTE, () => article(random, 'chinese'))),
  'prose, emoji': (random) => array(itemsOf(1000 * KILOBYTE, () => article(random, 'emoji'))),
  'text with escapes': (random) => array(itemsOf(500 * KILOBYTE, () => escapedText(random))),
  'records, short keys': (random) =>
    array(itemsOf(1000 * KILOBYTE, () => JSON.stringify(record(random)))),
  'records, indented': (random) =>
    JSON.stringify(
      Array.from({ length: 6000 }, () => record(random)),
      null,
      2,
    ),
  'deep nesting': (random) =>
    array(itemsOf(300 * KILOBYTE, () => JSON.stringify(nested(random, 30)))),
  'small values': (random) => array(itemsOf(100 * KILOBYTE, () => pick(random, SMALL_VALUES))),
};

const LINES: Record<string, (random: Random) => string[]> = {
  'decimals, 6 to 9, JSON Lines': (random) => itemsOf(1000 * KILOBYTE, () => short(random)),
  'decimals, 10 to 17, JSON Lines': (random) => itemsOf(1000 * KILOBYTE, () => long(random)),
  'records, JSON Lines': (random) => itemsOf(1000 * KILOBYTE, () => JSON.stringify(record(random))),
  'log, JSON Lines': (random) => itemsOf(1000 * KILOBYTE, () => logLine(random)),
};

export function generateDocuments(): GeneratedDocument[] {
  const random = createRandom(1);
  return [
    ...Object.entries(KINDS).map(([name, text]) => ({ name, bytes: Buffer.from(text(random)) })),
    ...Object.entries(LINES).map(([name, lines]) => ({
      name,
      bytes: Buffer.from(`${lines(random).join('\n')}\n`),
      isLines: true,
    })),
  ];
}
