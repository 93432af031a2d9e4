import { DocumentFault, type EngineLimits, type Format, type SumDetails, sum } from '../local.js';
import { explainFault } from './failure.js';
import { count, type Input } from './input.js';
import { startProgress } from './progress.js';
import type { Report } from './report.js';

/** The parts of a result besides its digest. */
export type Detail = 'sum' | 'count' | 'paths';

/** The wishes of a user for the results of documents. */
export interface Request {
  include: readonly Detail[];
  /** Paths of objects whose members share one path. */
  collapse: readonly string[];
  key: Buffer | undefined;
  /** Replaces the format that the name of a file says. */
  format: Format | undefined;
  maxPaths: number | undefined;
}

/** Computes the result for a document. */
export type Measure = (input: Input, request: Request) => Promise<Measured>;

/** The result for a document, and its decoded size, if that is known. */
type Measured = SumDetails & { bytes?: number };

/** Longest path, in bytes, for which there is room if all are so long. */
const PATH_BYTES = 512;

/** Computes the result in this process. */
export const measureHere: Measure = async ({ document, format }, request) => {
  let bytes = 0;
  const counted = count(document, (size) => {
    bytes += size;
  });
  const { include, collapse, key, maxPaths } = request;
  const options = { include, collapse, key, format, limits: limitsOf(maxPaths) };
  try {
    return { ...(await sum(counted, options)), bytes };
  } catch (error) {
    throw error instanceof DocumentFault ? explainFault(error) : error;
  }
};

function limitsOf(maxPaths: number | undefined): Partial<EngineLimits> | undefined {
  if (maxPaths === undefined) return undefined;
  return { maxPaths, maxPathBytes: Math.max(4 * 1024 ** 2, maxPaths * PATH_BYTES) };
}

/** Returns the report about a document, and shows the progress of reading it. */
export async function reportOf(
  name: string,
  input: Input,
  request: Request,
  measure: Measure = measureHere,
): Promise<Report> {
  const progress = startProgress(name, input.size);
  input.onRead = progress.add;
  try {
    const { bytes, ...details } = await measure(input, request);
    const { collapse } = request;
    return {
      report: 'tally/1',
      file: name,
      ...(bytes !== undefined && { bytes }),
      ...(details.paths && collapse.length > 0 && { collapse: [...collapse] }),
      ...details,
    };
  } finally {
    progress.stop();
  }
}
