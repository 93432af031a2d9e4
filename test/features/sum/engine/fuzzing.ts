import { isDeepStrictEqual } from 'node:util';
import { DocumentFault, type Engine } from '../../../../src/features/sum/engine/index.ts';
import { DEFAULT_LIMITS } from '../../../../src/features/sum/engine/limits.ts';
import { createNodeEngine } from '../../../../src/features/sum/streams/node-engine.ts';
import { parsedTotal } from './oracle.ts';
import { createRandom, type Random } from './random.ts';
import { pieced } from './random-documents.ts';
import { type RandomFile, randomFile } from './random-files.ts';
import {
  type Fault,
  type Limits,
  type Outcome,
  type ReferenceOptions,
  type ReferenceTotal,
  referenceTotal,
} from './reference.ts';

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

function outcome<T>(run: () => T): T | Fault {
  try {
    return run();
  } catch (fault) {
    if (!(fault instanceof DocumentFault)) throw fault;
    const { code, offset, line } = fault;
    return { code, offset, ...(line !== undefined && { line }) };
  }
}

/** What the engine makes of a document that arrives in `chunks`. */
export function totalled(
  engine: Engine,
  chunks: Iterable<Uint8Array>,
  options: ReferenceOptions = {},
): ReferenceTotal | Fault {
  return outcome(() => {
    const summation = engine.open(options);
    for (const chunk of chunks) summation.write(chunk);
    return summation.end();
  });
}

/** The sum that the engine makes of a JSON document that arrives in `chunks`. */
export function streamed(engine: Engine, chunks: Iterable<Uint8Array>): Outcome {
  const total = totalled(engine, chunks);
  return 'sum' in total ? { sum: total.sum } : total;
}

/** What the engine makes of a whole JSON document. */
export function summed(engine: Engine, document: Uint8Array): Outcome {
  return outcome(() => ({ sum: engine.sum(document) }));
}

/** @throws with the document (as Latin-1) and its options */
function compare(what: string, file: RandomFile, actual: unknown, wanted: unknown): void {
  if (isDeepStrictEqual(actual, wanted)) return;
  const { bytes, ...options } = { ...file, equivalent: undefined };
  const document = JSON.stringify(bytes.toString('latin1'));
  const [a, b, given] = [actual, wanted, options].map((value) => JSON.stringify(value));
  throw new Error(`${what}: ${a} instead of ${b} for ${given}, ${document}`);
}

/**
 * Compares the engine with both oracles on `documents` random files of every format, half of them damaged, each with
 * and without paths, whole and in random pieces. The same seed gives the same files.
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
    const wanted = compareEngine(loose, limits, file, random);
    compareEngine(tight, tightLimits, file, random);
    compareOracles(file, wanted);
    if ('sum' in wanted) report.accepted++;
    else report.refused++;
    if (i % 10_000 === 9_999) progress?.(i + 1);
  }
  return report;
}

/** Returns the outcome with paths. */
function compareEngine(
  engine: Engine,
  limits: Limits,
  file: RandomFile,
  random: Random,
): ReferenceTotal | Fault {
  const { bytes, format, collapse } = file;
  const plain = { format };
  const wanted = referenceTotal(bytes, limits, plain);
  compare('in pieces', file, totalled(engine, pieced(random, bytes), plain), wanted);
  if (format !== 'json') compare('whole', file, totalled(engine, [bytes], plain), wanted);
  else
    compare('whole', file, summed(engine, bytes), 'sum' in wanted ? { sum: wanted.sum } : wanted);
  const options = { format, paths: { collapse } };
  const wantedPaths = referenceTotal(bytes, limits, options);
  compare('paths', file, totalled(engine, [bytes], options), wantedPaths);
  const inPieces = totalled(engine, pieced(random, bytes), options);
  compare('paths, in pieces', file, inPieces, wantedPaths);
  return wantedPaths;
}

/** The first oracle has no limits. Of a damaged document, it can judge only the validity: there may be duplicate names. */
function compareOracles(file: RandomFile, reference: ReferenceTotal | Fault): void {
  const { bytes, format, collapse, equivalent } = file;
  if ('code' in reference && reference.code !== 'malformed_json') return;
  if (equivalent) compare('oracles', file, reference, parsedTotal(equivalent, collapse));
  else if (format === 'json') {
    const isParsed = parsedTotal(bytes) !== undefined;
    compare('validity for the oracles', file, 'sum' in reference, isParsed);
  }
}
