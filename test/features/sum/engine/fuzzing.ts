import { DocumentFault, type Engine } from '../../../../src/features/sum/engine/index.ts';
import { DEFAULT_LIMITS } from '../../../../src/features/sum/engine/limits.ts';
import { createNodeEngine } from '../../../../src/features/sum/streams/node-engine.ts';
import { parsedTotal } from './oracle.ts';
import { createRandom } from './random.ts';
import { pieced } from './random-documents.ts';
import { type RandomFile, randomFile } from './random-files.ts';
import { type Limits, type Outcome, referenceSum, referenceTotal } from './reference.ts';

/** The product's limits, and some that random documents run into. */
export const limits: Limits = {
  maxDepth: 1_000_000,
  maxDigits: 10_000,
  maxExponent: 10_000,
  maxPaths: 10_000,
  maxPathBytes: 4 * 1024 ** 2,
};
export const tightLimits: Limits = {
  maxDepth: 4,
  maxDigits: 18,
  maxExponent: 37,
  maxPaths: 6,
  maxPathBytes: 100,
};

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
    return summation.end().sum;
  });
}

/** What the engine makes of a whole document. */
export function summed(engine: Engine, document: Uint8Array): Outcome {
  return outcome(() => engine.sum(document));
}

function compare(what: string, document: Buffer, actual: unknown, wanted: unknown): void {
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
  const loose = createNodeEngine(DEFAULT_LIMITS);
  const tight = createNodeEngine({ ...DEFAULT_LIMITS, ...tightLimits });
  const report = { documents, accepted: 0, refused: 0 };
  for (let i = 0; i < documents; i++) {
    const file = randomFile(random);
    const { bytes: document } = file;
    const wanted = referenceSum(document, limits);
    compare('whole', document, summed(loose, document), wanted);
    compare('in pieces', document, streamed(loose, pieced(random, document)), wanted);
    const tightly = referenceSum(document, tightLimits);
    compare('tight limits', document, summed(tight, document), tightly);
    compare('tight, in pieces', document, streamed(tight, pieced(random, document)), tightly);
    compareOracles(file);
    if ('sum' in wanted) report.accepted++;
    else report.refused++;
    if (i % 10_000 === 9_999) progress?.(i + 1);
  }
  return report;
}

/** Of a damaged document, only the validity can be compared: it may have duplicate names. */
function compareOracles({ bytes, format, collapse, equivalent }: RandomFile): void {
  const reference = referenceTotal(bytes, limits, { format, paths: { collapse } });
  if (equivalent) compare('oracles', bytes, reference, parsedTotal(equivalent, collapse));
  else if (format === 'json' && !('code' in reference && reference.code !== 'malformed_json')) {
    const isParsed = parsedTotal(bytes) !== undefined;
    compare('validity for the oracles', bytes, 'sum' in reference, isParsed);
  }
}
