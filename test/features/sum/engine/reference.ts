/**
 * The second oracle: a reader as plain as it can be, which shares nothing with the engine. It reads one whole document
 * of any format.
 */
import { DecimalSum } from './decimal-sum.ts';
import { ANY, Place, WholeDocument } from './reference-paths.ts';
import { type Limits, Reader, Refusal } from './reference-reader.ts';

export type { Limits } from './reference-reader.ts';

/** RFC 8259, JSON Lines, or RFC 7464. */
export type Format = 'json' | 'lines' | 'sequence';

export interface ReferenceOptions {
  format?: Format;
  /** Asks for the paths. `collapse` has their own spelling. */
  paths?: { collapse: readonly string[] };
}

export interface ReferenceTotal {
  sum: string;
  count: number;
  paths?: { path: string; count: number; sum: string }[];
}

/** `line` is that of JSON Lines, or the number of the record of a sequence, from 1. */
export interface Fault {
  code: string;
  offset: number;
  line?: number;
}

/** Either the canonical text of the sum or the fault. */
export type Outcome = { sum: string } | Fault;

/** Returns the sum of one JSON document, by the contract of the engine. */
export function referenceSum(bytes: Uint8Array, limits: Limits): Outcome {
  const total = referenceTotal(bytes, limits);
  return 'sum' in total ? { sum: total.sum } : total;
}

/** Returns the total of a document, by the contract of the engine. */
export function referenceTotal(
  bytes: Uint8Array,
  limits: Limits,
  { format = 'json', paths }: ReferenceOptions = {},
): ReferenceTotal | Fault {
  const root = paths ? new Place() : new WholeDocument();
  const sum = new DecimalSum();
  const size = { paths: 0, bytes: 0 };
  let count = 0;
  const reader = new Reader(bytes, {
    white: format === 'lines' ? ' \t\r' : ' \t\r\n',
    collapse: paths?.collapse ?? [],
    limits,
    beforeNumber(place) {
      if (!paths || place.count > 0) return;
      size.bytes += place.bytes;
      if (++size.paths > limits.maxPaths || size.bytes > limits.maxPathBytes) {
        reader.refuse('too_many_paths');
      }
    },
    onNumber(place, { digits, exponent, negative }) {
      sum.add(digits, exponent, negative);
      count++;
      place.count++;
      if (paths) place.sum.add(digits, exponent, negative);
    },
  });
  try {
    READERS[format](reader, root);
    if (!paths) return { sum: sum.text(), count };
    const totals = root
      .withNumbers()
      .map((place) => ({ path: place.path, count: place.count, sum: place.sum.text() }));
    for (const total of totals) size.bytes += total.sum.length;
    if (size.bytes > limits.maxPathBytes) reader.refuse('too_many_paths');
    return { sum: sum.text(), count, paths: totals };
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    const { code, offset } = refusal;
    if (format === 'json') return { code, offset };
    return { code, offset, line: lineAt(bytes, offset, format) };
  }
}

const READERS = {
  json(reader: Reader, root: Place): void {
    reader.byteOrderMark();
    reader.value(root);
    reader.space();
    if (!reader.isAtEnd) reader.refuse();
  },

  lines(reader: Reader, root: Place): void {
    reader.byteOrderMark();
    for (;;) {
      reader.space();
      if (!reader.is('\n') && !reader.isAtEnd) {
        reader.value(root.at(ANY));
        reader.space();
      }
      if (reader.isAtEnd) return;
      reader.take(0x0a);
    }
  },

  sequence(reader: Reader, root: Place): void {
    reader.space();
    while (!reader.isAtEnd) {
      reader.take(0x1e);
      reader.space();
      if (reader.is('\x1e')) continue;
      const mayBeCut = !reader.is('[{"');
      reader.value(root.at(ANY));
      // RFC 7464 section 2.4: what ends without white space may have been longer.
      if (mayBeCut && !reader.is(' \t\r\n')) reader.refuse();
      reader.space();
    }
  },
};

/** Counts the lines, or the record separators before a byte, from 1. */
function lineAt(bytes: Uint8Array, offset: number, format: Format): number {
  const separator = format === 'lines' ? 0x0a : 0x1e;
  const separators = bytes.subarray(0, offset).filter((byte) => byte === separator).length;
  return format === 'lines' ? separators + 1 : Math.max(separators, 1);
}
