import { Type } from '@sinclair/typebox';
import { problems } from './problem.ts';

/**
 * The date-time of RFC 3339 section 5.6 in capital letters and without leap seconds, which milliseconds
 * since 1970 cannot express. `format` refuses days that do not exist.
 */
const PATTERN =
  '^\\d{4}-\\d{2}-\\d{2}T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)$';

/** A time in a request. Responses use `time` of `fields.ts`. */
export const timestamp = (description: string) =>
  Type.String({ format: 'date-time', pattern: PATTERN, maxLength: 35, description });

/** Returns a time in milliseconds since 1970 as RFC 3339 text in UTC. */
export function toTimestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

const LENGTH = '2026-01-02T03:04:05.678Z'.length;

/**
 * Returns a time that passed the schema, in milliseconds since 1970.
 *
 * @throws {Problem} `validation_failed` if its year in UTC does not have four digits, as responses do.
 */
export function parseTimestamp(text: string, path: string): number {
  const time = Date.parse(text);
  if (new Date(time).toISOString().length === LENGTH) return time;
  const message = 'must be within the years 0000 to 9999 in UTC';
  throw problems.validationFailed(undefined, { errors: [{ path, message }] });
}
