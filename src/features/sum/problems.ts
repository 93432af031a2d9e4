import { defineProblem, type Problem, type ProblemType, problems } from '../../problem.ts';
import type { DocumentFault, FaultCode } from './engine/index.ts';

export const sumProblems = {
  malformedEncoding: defineProblem(
    400,
    'malformed_content_encoding',
    'The body is not what its Content-Encoding says.',
  ),
  documentTooLarge: defineProblem(
    413,
    'document_too_large',
    'The document is larger than this server accepts.',
  ),
  compressionRatio: defineProblem(
    413,
    'compression_ratio_too_high',
    'The document expands to more than this server accepts for its compressed size.',
  ),
  tooDeep: defineProblem(
    422,
    'too_deep',
    'The document is nested more deeply than this server accepts.',
  ),
  numberOutOfRange: defineProblem(
    422,
    'number_out_of_range',
    'A number has more digits or a larger exponent than this server accepts.',
  ),
} as const;

const FAULTS: Record<FaultCode, ProblemType> = {
  malformed_json: problems.malformedJson,
  too_deep: sumProblems.tooDeep,
  number_out_of_range: sumProblems.numberOutOfRange,
};

/** The answer to a document that has no sum: what is wrong, and at which byte. */
export function problemOfFault({ code, offset, message }: DocumentFault): Problem {
  return FAULTS[code](`At byte ${offset}: ${message}.`);
}
