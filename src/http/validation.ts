import createCompilers, { type BuildCompilerFromPool } from '@fastify/ajv-compiler';
import type { FastifyError, FastifySchemaCompiler } from 'fastify';
import { refuseOddNumbers } from './decimal-text.ts';
import { explainUnion } from './union-errors.ts';
import { findMalformedText } from './well-formed.ts';

type BrokenRule = NonNullable<FastifyError['validation']>[number];

interface Validator {
  (data: unknown): boolean;
  errors?: BrokenRule[] | null | undefined;
}
type Compile = (route: { schema: object; httpPart?: string }) => Validator;

const buildCompiler = createCompilers();

/** Most values in a part of a request of which all broken rules are reported; a larger one gets the first. */
const MAX_EXPLAINED = 1000;

/**
 * Compiles the schemas that requests must match. In a body, what is sent is what is checked: nothing is
 * converted, dropped or filled in. Query strings and paths are text, so there "5" is a number where one
 * is asked for, and defaults are filled in.
 */
export const buildValidator: BuildCompilerFromPool = (schemas, options) => {
  const compilerWith = (settings: object) =>
    buildCompiler(schemas, {
      ...options,
      customOptions: { removeAdditional: false, discriminator: true, ...settings },
    } as never) as unknown as Compile;
  const compileWith = (settings: object): Compile => {
    const untilFirst = compilerWith({ ...settings, allErrors: false });
    const toEnd = compilerWith({ ...settings, allErrors: true });
    return (route) => explainSmall(untilFirst(route), () => toEnd(route));
  };
  const compileExact = compileWith({ coerceTypes: false, useDefaults: false });
  const compileText = compileWith({ coerceTypes: true, useDefaults: true });
  const compile: Compile = (route) =>
    route.httpPart === 'body'
      ? checkBody(compileExact(route))
      : checkText(route.schema, compileText(route));
  return compile as unknown as ReturnType<BuildCompilerFromPool>;
};

const compileUnreferenced = buildValidator({}, {}) as unknown as FastifySchemaCompiler<object>;

/** The `validatorCompiler` of a route that reads its own body, whose schema is documentation. */
export const compileAllButBody: FastifySchemaCompiler<object> = (route) =>
  route.httpPart === 'body' ? () => true : compileUnreferenced(route);

/**
 * Stops at the first broken rule, and looks for the others only in small data: to list every fault of a
 * large body costs far more than it cost to send.
 */
function explainSmall(passes: Validator, compileExplained: () => Validator): Validator {
  let explained: Validator | undefined;
  const validate: Validator = (data) => {
    if (passes(data)) return true;
    validate.errors = passes.errors;
    if (isSmall(data)) {
      explained ??= compileExplained();
      explained(data);
      validate.errors = explained.errors ?? passes.errors;
    }
    return false;
  };
  return validate;
}

function isSmall(data: unknown): boolean {
  let left = MAX_EXPLAINED;
  const pending = [data];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null) continue;
    const inner = Object.values(value);
    left -= inner.length;
    if (left < 0) return false;
    pending.push(...inner);
  }
  return true;
}

/** Refuses text that no database keeps as it is, in a body that is otherwise as it must be. */
function checkBody(passes: Validator): Validator {
  const validate: Validator = (data) => {
    const passed = passes(data);
    validate.errors = passes.errors && explainUnion(passes.errors);
    const malformed = passed ? findMalformedText(data) : undefined;
    if (malformed === undefined) return passed;
    validate.errors = [brokenRule(malformed, 'must not hold half a surrogate pair')];
    return false;
  };
  return validate;
}

/** Checks what only text can have wrong, before it is converted. PostgreSQL takes no U+0000 in a text. */
function checkText(schema: object, passes: Validator): Validator {
  const validate: Validator = (data) => {
    const values = data as Record<string, unknown>;
    const nul = Object.keys(values).find((name) => String(values[name]).includes('\0'));
    if (nul !== undefined) {
      validate.errors = [brokenRule(`/${nul}`, 'must not contain U+0000')];
      return false;
    }
    refuseOddNumbers(schema, values);
    const passed = passes(data);
    validate.errors = passes.errors;
    return passed;
  };
  return validate;
}

function brokenRule(instancePath: string, message: string): BrokenRule {
  return { keyword: 'text', instancePath, schemaPath: '#', params: {}, message };
}
