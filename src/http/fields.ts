import { type Static, type TSchema, Type } from '@sinclair/typebox';

/** Returns a reference to a named schema that has the schema's type. */
export function ref<T extends TSchema>(schema: T) {
  return Type.Unsafe<Static<T>>(Type.Ref(schema.$id!));
}

/** Pattern of a text with at least one visible character. */
export const NOT_BLANK = '\\S';

/** Without blanks at either end, which MariaDB ignores in comparisons. */
const TRIMMED = '^(?!\\s)(?!.*\\s$)';

/** One line of text that is not blank, such as a name. */
export const line = (maxLength: number, description: string) =>
  Type.String({
    minLength: 1,
    maxLength,
    pattern: `${TRIMMED}[^\\u0000-\\u001f\\u007f]+$`,
    description,
  });

/** Text to compare with a {@link line}; it may be empty. */
export const filterText = (maxLength: number, description: string) =>
  Type.String({ maxLength, pattern: `${TRIMMED}[^\\u0000-\\u001f\\u007f]*$`, description });

/** Text that every database stores unchanged: PostgreSQL has no U+0000. */
export const text = (maxLength: number, description: string) =>
  Type.String({ maxLength, pattern: '^[^\\u0000]*$', description });

/** Largest amount of money, in minor units: sums over an order stay below 2^53. */
const MAX_AMOUNT = 1_000_000_000;

/** An amount of money in minor units of a currency. */
export const amount = (description: string, minimum = 0) =>
  Type.Integer({ minimum, maximum: MAX_AMOUNT, description });

export const currency = Type.String({
  pattern: '^[A-Z]{3}$',
  description: 'ISO 4217.',
});

/** A time in a response. Requests use `timestamp` of `timestamp.ts`, which is stricter. */
export const time = (description: string) => Type.String({ format: 'date-time', description });

/** Adds null to a type, in the way of OpenAPI 3.0. */
export function nullable<T extends TSchema>(schema: T) {
  return Type.Unsafe<Static<T> | null>({ ...schema, nullable: true });
}

/** A text that is one of the given values. */
export function oneOf<const T extends readonly string[]>(values: T, description: string) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: values, description });
}

/** The name of a tier. */
export const tierName = (description: string) =>
  Type.String({ pattern: '^[a-z][a-z0-9_-]{0,31}$', description });

/** A UUID in lower case, as responses spell it: databases compare ids byte by byte. */
export const uuid = (description: string) =>
  Type.String({
    format: 'uuid',
    pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
    description,
  });

/** The path parameters of a route that ends in `/:id`. */
export const idParams = Type.Object({ id: uuid('The id.') });
