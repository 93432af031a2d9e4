import { defineProblem, type Problem, problems } from '../../http/problem.ts';
import type { Format } from './engine/format.ts';
import type { DocumentFault } from './engine/index.ts';

export const sumProblems = {
  malformedEncoding: defineProblem(
    400,
    'malformed_content_encoding',
    'The body is not what its Content-Encoding says.',
    { when: 'The body is not what its `Content-Encoding` says.' },
  ),
  documentTooLarge: defineProblem(
    413,
    'document_too_large',
    'The document is larger than this server accepts.',
    { when: 'The document is larger than `SUM_MAX_BYTES`, decoded.' },
  ),
  compressionRatio: defineProblem(
    413,
    'compression_ratio_too_high',
    'The document expands to more than this server accepts for its compressed size.',
    { when: 'The compressed document expands to more than `SUM_MAX_RATIO` times its size.' },
  ),
  tooDeep: defineProblem(
    422,
    'too_deep',
    'The document is nested more deeply than this server accepts.',
    { when: 'The document is nested more deeply than `SUM_MAX_DEPTH`.' },
  ),
  numberOutOfRange: defineProblem(
    422,
    'number_out_of_range',
    'A number has more digits or a larger exponent than this server accepts.',
    {
      when: 'A number has more digits than `SUM_MAX_DIGITS` or a larger exponent than `SUM_MAX_EXPONENT`.',
    },
  ),
  tooManyPaths: defineProblem(
    422,
    'too_many_paths',
    'The numbers of the document stand in more places than this server keeps apart.',
    {
      when: 'The numbers stand in more than `SUM_MAX_PATHS` places, their paths and sums are longer than `SUM_MAX_PATH_BYTES`, or the places need too much memory; `detail` says which `collapse` helps.',
    },
  ),
  memoryExhausted: defineProblem(
    503,
    'memory_exhausted',
    'The server has no memory left for documents in flight, and this one uses the most. Try again after Retry-After seconds.',
    {
      when: 'The documents in flight, or their answers, need more than `SUM_MAX_MEMORY`, and this one the most. Try again after `Retry-After` seconds.',
      retryAfter: 5,
    },
  ),
} as const;

const FAULTS = {
  malformed_json: problems.malformedJson,
  too_deep: sumProblems.tooDeep,
  number_out_of_range: sumProblems.numberOutOfRange,
  too_many_paths: sumProblems.tooManyPaths,
};

/** Returns the answer to a fault of a document: the rule that it breaks, and the place where. */
export function problemOfFault(fault: DocumentFault, format: Format): Problem {
  const { code, offset, line, message } = fault;
  if (code === 'memory_exhausted') return memoryExhausted();
  if (code === 'too_large') return documentTooLarge(offset);
  const unit = format === 'lines' ? 'line' : 'record';
  const place = line === undefined ? '' : `${unit} ${line}, `;
  const isFollowed = /0x[57]B \(.\), expected the end of the document$/.test(message);
  const hint = isFollowed ? ' JSON Lines need the Content-Type application/x-ndjson.' : '';
  return FAULTS[code](`At ${place}byte ${offset}: ${message}.${hint}`);
}

export function documentTooLarge(maxBytes: number): Problem {
  return sumProblems.documentTooLarge(`This server accepts documents of up to ${maxBytes} bytes.`);
}

export function memoryExhausted(): Problem {
  return sumProblems.memoryExhausted();
}
