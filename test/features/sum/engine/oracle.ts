import { DecimalSum } from './reference.ts';

/** TypeScript does not know the third argument yet. */
type Reviver = (name: string, value: unknown, context: { source?: string }) => unknown;

/**
 * The first oracle: JavaScript's own parser, whose reviver sees the source text of each number. It
 * knows only documents without duplicate names, of which it drops all but the last.
 *
 * @returns the canonical text of the sum, or undefined if the document is malformed
 */
export function parsedSum(bytes: Uint8Array): string | undefined {
  let text: string;
  const sum = new DecimalSum();
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const reviver: Reviver = (_name, value, context) => {
      if (typeof value === 'number') addLiteral(sum, context.source ?? '');
      return null;
    };
    JSON.parse(text, reviver as (name: string, value: unknown) => unknown);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
  return sum.text();
}

const literal = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/;

function addLiteral(sum: DecimalSum, source: string): void {
  const [, sign, whole = '', fraction = '', exponent = '0'] = literal.exec(source) ?? [];
  sum.add(whole + fraction, Number(exponent) - fraction.length, sign === '-');
}
