import { problems } from '../../http/problem.ts';
import type { Format } from './engine/format.ts';

/** `curl -d` says that its body is a form; `text/json` is what older clients say. */
const JSON_MEDIA_TYPE =
  /^(?:application\/json|text\/json|application\/x-www-form-urlencoded|[\w!#$&^.+-]+\/[\w!#$&^.+-]+\+json)$/i;

/** The media types that say how values are laid out; the first is JSON's. */
export const MEDIA_TYPES = {
  'application/json': 'json',
  'application/x-ndjson': 'lines',
  'application/jsonl': 'lines',
  'application/jsonlines': 'lines',
  'application/json-seq': 'sequence',
} as const satisfies Record<string, Format>;

const FORMATS: ReadonlyMap<string, Format> = new Map(Object.entries(MEDIA_TYPES));

/**
 * Returns the format of a body; one without a type is read as JSON.
 *
 * @throws {Problem} 415 for another type, with those that are accepted (RFC 9110 section 15.5.16).
 */
export function formatOf(contentType: string | undefined): Format {
  if (contentType === undefined || contentType === 'application/json') return 'json';
  const mediaType = contentType.split(';', 1)[0]!.trim().toLowerCase();
  const format = FORMATS.get(mediaType);
  if (format) return format;
  if (JSON_MEDIA_TYPE.test(mediaType)) return 'json';
  const accepted = [...FORMATS.keys()].join(', ');
  throw problems.unsupportedMediaType(`Send the body as one of ${accepted}, or as */*+json.`, {
    headers: { accept: accepted },
  });
}
