import type { IncomingHttpHeaders } from 'node:http';
import { type FieldError, problems } from '../../http/problem.ts';
import { DETAILS, type Detail, PLAIN_REQUEST, type SumRequest } from './answer.ts';
import { parsePath } from './engine/json-path.ts';
import { formatOf } from './media-type.ts';

/** Most paths to collapse, and most characters of each: as many as the advice of `too_many_paths` may have. */
export const MAX_COLLAPSED = 100;
export const MAX_COLLAPSED_LENGTH = 1000;

/** Fewest and most bytes of a key. */
const KEY_BYTES = { min: 16, max: 64 };

/** A query string as it is parsed: repeated parameters have arrays. */
type Query = Record<string, string | string[] | undefined>;

/**
 * Reads a client's wishes from the query string and the header of its request. Returns {@link PLAIN_REQUEST} itself for
 * the digest of a JSON document.
 *
 * @throws {Problem} 400 that names each parameter that breaks its rules, with the rule; 415 for an unknown media type.
 */
export function sumRequestOf(query: object, headers: IncomingHttpHeaders): SumRequest {
  const key = headers['sum-key'];
  const isPlain = key === undefined && Object.keys(query).length === 0;
  const request = isPlain ? PLAIN_REQUEST : readParameters(query as Query, key);
  const format = formatOf(headers['content-type']);
  return format === request.format ? request : { ...request, format };
}

/** Never repeats a key, nor the name of an unknown parameter, which may be a misplaced secret. */
function readParameters(query: Query, key: Query[string]): SumRequest {
  const { include, collapse, ...others } = query;
  const errors: FieldError[] = [];
  const request: SumRequest = {
    ...PLAIN_REQUEST,
    include: readInclude(include, errors),
    collapse: readCollapse(collapse, errors),
    key: readKey(key, errors),
  };
  if (Object.keys(others).length > 0) {
    errors.push({ path: '/', message: 'must have no query parameters but include and collapse' });
  }
  if (errors.length === 0 && collapse !== undefined && !request.include.includes('paths')) {
    errors.push({ path: '/collapse', message: 'needs include=paths' });
  }
  if (errors.length > 0) throw problems.validationFailed(undefined, { errors });
  return request;
}

function readInclude(given: Query[string], errors: FieldError[]): Detail[] {
  if (given === undefined) return [];
  const names = String(given).split(',');
  const details = DETAILS.filter((detail) => names.includes(detail));
  // Unknown and repeated names, and those without a character, make the list longer than what it asks for.
  if (typeof given === 'string' && details.length === names.length) return details;
  const message = `must be one comma-separated list of ${DETAILS.join(', ')}, each at most once`;
  errors.push({ path: '/include', message });
  return [];
}

function readCollapse(given: Query[string] = [], errors: FieldError[]): string[] {
  const paths = [given].flat();
  const message = faultOfPaths(paths);
  if (message !== undefined) errors.push({ path: '/collapse', message });
  return paths;
}

function faultOfPaths(paths: string[]): string | undefined {
  if (paths.length > MAX_COLLAPSED) return `must be given at most ${MAX_COLLAPSED} times`;
  if (paths.some(({ length }) => length > MAX_COLLAPSED_LENGTH)) {
    return `must have at most ${MAX_COLLAPSED_LENGTH} characters`;
  }
  try {
    paths.forEach(parsePath);
    return undefined;
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidPath') return error.message;
    throw error;
  }
}

/** Node joins repeated headers with a comma, which is not in the alphabet. */
function readKey(given: Query[string], errors: FieldError[]) {
  if (given === undefined) return undefined;
  const key = Buffer.from(String(given), 'base64url');
  const { min, max } = KEY_BYTES;
  // Decoding skips what is not in the alphabet.
  const isKey = key.length >= min && key.length <= max && key.toString('base64url') === given;
  if (!isKey) {
    const message = `must be ${min} to ${max} bytes as base64url (RFC 4648 section 5) without padding, and be given once`;
    errors.push({ path: '/Sum-Key', message });
  }
  return new Uint8Array(key);
}
