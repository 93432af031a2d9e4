import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { uuid } from './responses.ts';

/** The largest price, and the largest amount of a special offer: sums of orders stay below 2^53. */
export const MAX_AMOUNT = 1_000_000_000;

/** Without blanks at its ends, which MariaDB ignores where it compares. */
const TRIMMED = '^(?!\\s)(?!.*\\s$)';

/** One line with something to read, such as a name. */
export const line = (maxLength: number, description: string) =>
  Type.String({
    minLength: 1,
    maxLength,
    pattern: `${TRIMMED}[^\\u0000-\\u001f\\u007f]+$`,
    description,
  });

/** What a list is filtered by, as far as a {@link line} can have it. */
export const filterText = (maxLength: number, description: string) =>
  Type.String({ maxLength, pattern: `${TRIMMED}[^\\u0000-\\u001f\\u007f]*$`, description });

/** Any text that every database keeps: PostgreSQL has no U+0000. */
export const text = (maxLength: number, description: string) =>
  Type.String({ maxLength, pattern: '^[^\\u0000]*$', description });

export const amount = (description: string, minimum = 0) =>
  Type.Integer({ minimum, maximum: MAX_AMOUNT, description });

export const currency = Type.String({
  pattern: '^[A-Z]{3}$',
  description: 'ISO 4217.',
});

export const time = (description: string) => Type.String({ format: 'date-time', description });

/** As OpenAPI 3.0 says it. */
export function nullable<T extends TSchema>(schema: T) {
  return Type.Unsafe<Static<T> | null>({ ...schema, nullable: true });
}

export function oneOf<const T extends readonly string[]>(values: T, description: string) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: values, description });
}

export const IdParamsSchema = Type.Object({ id: uuid('The id.') });
export type IdParams = Static<typeof IdParamsSchema>;
