import { type Static, type TObject, type TProperties, type TSchema, Type } from '@sinclair/typebox';

export const KIB = 1024;
export const MIB = 1024 * KIB;
export const GIB = 1024 * MIB;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const ONE_SECOND_IN_DAYS = 1 / 86_400;
/** Pattern of a text that is empty or has at least one character other than white space. */
export const EMPTY_OR_VISIBLE = '^$|\\S';

/** The values of environment variables, by the TypeBox properties that declare them. */
export type Values<Variables extends TProperties> = Static<TObject<Variables>>;

/**
 * Keywords of settings that JSON Schema lacks: the unit of a number, a default that depends on the machine, and a
 * resource of the whole server, which its workers share; and what a value that does not fit `must` do.
 */
export const SETTING_KEYWORDS = ['unit', 'computed', 'divided', 'must'];

export const seconds = (description: string, fallback: number, minimum = 1) =>
  Type.Number({
    description,
    unit: 'seconds',
    default: fallback,
    minimum,
    maximum: 86_400,
  });

export const hours = (description: string, fallback: number) =>
  Type.Number({
    description,
    unit: 'hours',
    default: fallback,
    minimum: 0,
    maximum: 8760,
  });

export const days = (description: string, fallback: number) =>
  Type.Number({
    description,
    unit: 'days',
    default: fallback,
    minimum: ONE_SECOND_IN_DAYS,
    maximum: 3650,
  });

export const count = (description: string, fallback: number, minimum = 1, maximum = 2 ** 48) =>
  Type.Integer({ description, default: fallback, minimum, maximum });

export const bytes = (description: string, fallback: number, minimum = 1, maximum = 2 ** 48) =>
  Type.Integer({ description, unit: 'bytes', default: fallback, minimum, maximum });

/** Says how the default of a setting is computed, for documentation that is the same on every machine. */
export const computed = <T extends TSchema>(rule: string, setting: T): T => ({
  ...setting,
  computed: rule,
});

/** Marks a resource of the whole server: each worker gets its part. */
export const divided = <T extends TSchema>(setting: T): T => ({ ...setting, divided: true });

/** Returns the part of a worker: at least 1, and no less than the setting may be; 0 turns something off and stays. */
export function partOf(whole: number, workers: number, { minimum = 1 }: TSchema): number {
  return whole === 0 ? 0 : Math.max(1, minimum, Math.floor(whole / workers));
}

/** A part of a whole: above 0, at most 1. */
export const fraction = (description: string, fallback: number) =>
  Type.Number({ description, default: fallback, minimum: 0.000001, maximum: 1 });

/** One of several words; the first is the default. */
export const oneOf = <const T extends string>(description: string, values: readonly [T, ...T[]]) =>
  Type.Unsafe<T>({ type: 'string', enum: values, default: values[0], description });

/** @param must end of the message about a value that does not fit the pattern */
export const text = (description: string, fallback = '', pattern?: string, must?: string) =>
  Type.String({
    description,
    default: fallback,
    ...(pattern && { pattern }),
    ...(must && { must }),
  });

/** Splits a comma-separated value. */
export function list(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
