import {
  createEngine,
  DocumentFault,
  type Engine,
} from '../../../../src/features/sum/engine/index.ts';
import { parsedSum } from './oracle.ts';
import { createRandom, damaged, pieced, randomDocument } from './random-documents.ts';
import { type Limits, type Outcome, referenceSum } from './reference.ts';

/** The product's limits, and some that random documents run into. */
export const limits: Limits = { maxDepth: 1_000_000, maxDigits: 10_000, maxExponent: 10_000 };
export const tightLimits: Limits = { maxDepth: 4, maxDigits: 18, maxExponent: 37 };

export interface FuzzReport {
  documents: number;
  accepted: number;
  refused: number;
}

function outcome(run: () => string): Outcome {
  try {
    return { sum: run() };
  } catch (fault) {
    if (fault instanceof DocumentFault) return { code: fault.code, offset: fault.offset };
    throw fault;
  }
}

/** What the engine makes of a document that arrives in `chunks`. */
export function streamed(engine: Engine, chunks: Iterable<Uint8Array>): Outcome {
  const summation = engine.open();
  return outcome(() => {
    for (const chunk of chunks) summation.write(chunk);
    return summation.end();
  });
}

/** What the engine makes of a whole document. */
export function summed(engine: Engine, document: Uint8Array): Outcome {
  return outcome(() => engine.sum(document));
}

function compare(what: string, document: Buffer, actual: Outcome, wanted: Outcome): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(wanted)];
  if (a === b) return;
  throw new Error(
    `${what}: ${a} instead of ${b} for ${JSON.stringify(document.toString('latin1'))}`,
  );
}

/**
 * Compares the engine with both oracles on `documents` random documents, half of them damaged, each
 * whole and in random pieces. The same seed gives the same documents.
 * @throws on the first difference, with the document (as Latin-1)
 */
export function fuzz(
  documents: number,
  seed: number,
  progress?: (done: number) => void,
): FuzzReport {
  const random = createRandom(seed);
  const loose = createEngine(limits);
  const tight = createEngine(tightLimits);
  const report = { documents, accepted: 0, refused: 0 };
  for (let i = 0; i < documents; i++) {
    const whole = randomDocument(random);
    const document = random(2) ? whole : damaged(random, whole);
    const wanted = referenceSum(document, limits);
    compare('whole', document, summed(loose, document), wanted);
    compare('in pieces', document, streamed(loose, pieced(random, document)), wanted);
    const tightly = referenceSum(document, tightLimits);
    compare('tight limits', document, summed(tight, document), tightly);
    compare('tight, in pieces', document, streamed(tight, pieced(random, document)), tightly);
    checkOracles(document, document === whole, wanted);
    if ('sum' in wanted) report.accepted++;
    else report.refused++;
    if (i % 10_000 === 9_999) progress?.(i + 1);
  }
  return report;
}

/** A damaged document may have duplicate names, so that only its validity can be compared. */
function checkOracles(document: Buffer, undamaged: boolean, reference: Outcome): void {
  if ('code' in reference && reference.code !== 'malformed_json') return;
  const parsed = parsedSum(document);
  const same = undamaged
    ? 'sum' in reference && reference.sum === parsed
    : 'sum' in reference === (parsed !== undefined);
  if (same) return;
  const [a, b] = [JSON.stringify(reference), parsed];
  throw new Error(
    `the oracles differ: ${a}, ${b} for ${JSON.stringify(document.toString('latin1'))}`,
  );
}
