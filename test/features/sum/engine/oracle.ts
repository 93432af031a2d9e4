import { DecimalSum } from './decimal-sum.ts';
import type { ReferenceTotal } from './reference.ts';
import { ANY, Place } from './reference-paths.ts';

/** TypeScript does not know the third argument yet. */
type Reviver = (name: string, value: unknown, context: { source?: string }) => unknown;

/** The text of a number of the document. */
class Literal {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

/**
 * The first oracle: JavaScript's own parser, whose reviver sees the source text of each number. It
 * knows only documents without duplicate names, of which it drops all but the last.
 *
 * @returns the total with its paths, or undefined if the document is malformed
 */
export function parsedTotal(
  bytes: Uint8Array,
  collapse: readonly string[] = [],
): Required<ReferenceTotal> | undefined {
  const document = parse(bytes);
  if (document === undefined) return undefined;
  const sum = new DecimalSum();
  const root = new Place();
  let count = 0;
  const left: [unknown, Place][] = [[document, root]];
  for (let next = left.pop(); next; next = left.pop()) {
    const [value, place] = next;
    if (value instanceof Literal) {
      count++;
      place.count++;
      addLiteral(sum, value.source);
      addLiteral(place.sum, value.source);
    } else if (value instanceof Object) {
      const shared = Array.isArray(value) || collapse.includes(place.path);
      for (const [name, inner] of Object.entries(value)) {
        left.push([inner, place.at(shared ? ANY : name.replaceAll(BACKSLASH, '\\'))]);
      }
    }
  }
  const paths = root
    .withNumbers()
    .map(({ path, count, sum }) => ({ path, count, sum: sum.text() }));
  return { sum: sum.text(), count, paths };
}

/** Returns the canonical text of the sum, or undefined if the document is malformed. */
export function parsedSum(bytes: Uint8Array): string | undefined {
  return parsedTotal(bytes)?.sum;
}

/**
 * Stands for a backslash while V8 parses: once it has read a name with one, it may take an escaped name for it
 * (https://github.com/nodejs/node/issues/63785).
 */
const BACKSLASH = '\uf8ff';

function parse(bytes: Uint8Array): unknown {
  const reviver: Reviver = (_name, value, { source = '' }) =>
    typeof value === 'number' ? new Literal(source) : value;
  try {
    const document = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const safe = document.replace(/\\(?:u005c|.)/gi, (text) =>
      text === '\\\\' || text.length === 6 ? BACKSLASH : text,
    );
    return JSON.parse(safe, reviver as (name: string, value: unknown) => unknown);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

const literal = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/;

function addLiteral(sum: DecimalSum, source: string): void {
  const [, sign, whole = '', fraction = '', exponent = '0'] = literal.exec(source) ?? [];
  sum.add(whole + fraction, Number(exponent) - fraction.length, sign === '-');
}
