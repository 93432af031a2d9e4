/** Seeded random files of every format, half of them damaged. */
import { pick, type Random } from './random.ts';
import { damaged, randomDocument } from './random-documents.ts';
import { RecordWriter } from './random-records.ts';
import type { Format } from './reference.ts';

export interface RandomFile {
  bytes: Buffer;
  format: Format;
  collapse: string[];
  /** A JSON document with the same totals, which has no name twice; undefined for a damaged file. */
  equivalent?: Buffer;
}

/** Draws a document of any kind, a file of JSON Lines, or a sequence. */
export function randomFile(random: Random): RandomFile {
  const kinds = [document, records, records, lines, sequence];
  const file = random(5000) ? pick(random, kinds)(random) : manyNames(random);
  if (random(2)) return file;
  return { bytes: damaged(random, file.bytes), format: file.format, collapse: file.collapse };
}

function document(random: Random): RandomFile {
  const bytes = randomDocument(random);
  return { bytes, format: 'json', collapse: random(4) ? [] : ['$', '$[*]'], equivalent: bytes };
}

function records(random: Random): RandomFile {
  const writer = new RecordWriter(random);
  if (random(3)) writer.array('$');
  else if (random(4)) writer.value('$');
  else writer.deep('$');
  const bytes = Buffer.from(writer.text);
  const { collapse, hasDuplicates } = writer;
  return { bytes, format: 'json', collapse, ...(!hasDuplicates && { equivalent: bytes }) };
}

/** Records with more names than are kept, most of which have no number, or more paths than are allowed. */
function manyNames(random: Random): RandomFile {
  const length = 10_000 + random(15_000);
  const rarity = pick(random, [2, 5, 50]);
  const record = () => {
    const members = Array.from({ length }, (_, i) => {
      return `"k${random(2 * length)}":${random(rarity) ? 'null' : i}`;
    });
    return `{${members.join(',')}}`;
  };
  const bytes = Buffer.from(`[${record()},{"a":${record()}},${record()}]`);
  return { bytes, format: 'json', collapse: random(4) ? [] : ['$[*].a'] };
}

function lines(random: Random): RandomFile {
  const { values, collapse, hasDuplicates } = randomValues(random);
  let text = random(20) ? '' : '\ufeff';
  const isCut = !random(20);
  for (const value of values) {
    const line = isCut ? value : value.replace(/[\r\n]/g, ' ');
    text += pick(random, ['', '', '', ' ', '\n', '\r\n', ' \t\n']) + line;
    text += pick(random, ['\n', '\n', '\n', '\r\n', ' \n', '\n\n']);
  }
  const bytes = Buffer.from(random(3) ? text : text.trimEnd());
  const equivalent = !isCut && !hasDuplicates && { equivalent: arrayOf(values) };
  return { bytes, format: 'lines', collapse, ...equivalent };
}

function sequence(random: Random): RandomFile {
  const { values, collapse, hasDuplicates } = randomValues(random);
  const isCut = !random(20);
  const end = isCut ? ['', '\n'] : ['\n', '\n', '\r\n', ' '];
  let text = random(20) ? '' : ' \n';
  for (const value of values) {
    text += pick(random, ['\x1e', '\x1e', '\x1e', '\x1e\x1e', '\x1e \x1e', '\x1e\n']);
    text += value + pick(random, end);
  }
  const equivalent = !isCut && !hasDuplicates && { equivalent: arrayOf(values) };
  return { bytes: Buffer.from(text), format: 'sequence', collapse, ...equivalent };
}

function arrayOf(values: string[]): Buffer {
  return Buffer.from(`[${values.join(',')}]`);
}

/** The values of a file, as JSON; mostly of one shape. */
function randomValues(random: Random) {
  const writer = new RecordWriter(random);
  const values = Array.from({ length: random(pick(random, [3, 10, 40])) }, () => {
    if (!random(10)) return String(randomDocument(random)).replace('\ufeff', '');
    const start = writer.text.length;
    writer.value('$[*]');
    return writer.text.slice(start);
  });
  const { collapse, hasDuplicates } = writer;
  return { values, collapse, hasDuplicates };
}
