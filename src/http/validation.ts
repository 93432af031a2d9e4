import createCompilers, { type BuildCompilerFromPool } from '@fastify/ajv-compiler';
import type { TObject } from '@sinclair/typebox';
import type { FastifyError } from 'fastify';
import { replaceUnusualNumbers } from './decimal-text.ts';
import { explainUnion } from './union-errors.ts';
import { findMalformedText } from './well-formed.ts';

type BrokenRule = NonNullable<FastifyError['validation']>[number];

interface Validator {
  (data: unknown): boolean;
  errors?: BrokenRule[] | null | undefined;
}
type Compile = (route: { schema: object; httpPart?: string }) => Validator;

const buildCompiler = createCompilers();

/** Values in a part of a request up to which all its errors are reported; of larger ones, the first. */
const MAX_EXPLAINED_VALUES = 1000;

/**
 * Compiles the schemas of requests. Bodies are checked as they are sent: nothing is converted, removed or
 * filled in. Query strings and paths are text, so there "5" passes as a number, and defaults are filled in.
 */
export const buildValidator: BuildCompilerFromPool = (schemas, options) => {
  const compilerWith = (settings: object) =>
    buildCompiler(schemas, {
      ...options,
      customOptions: { removeAdditional: false, discriminator: true, ...settings },
    } as never) as unknown as Compile;
  const compileWith = (settings: object): Compile => {
    const findFirst = compilerWith({ ...settings, allErrors: false });
    const findAll = compilerWith({ ...settings, allErrors: true });
    return (route) => collectErrorsForSmallData(findFirst(route), () => findAll(route));
  };
  const compileExact = compileWith({ coerceTypes: false, useDefaults: false });
  const compileText = compileWith({ coerceTypes: true, useDefaults: true });
  const compile: Compile = (route) => {
    if (route.httpPart === 'body') return checkBody(compileExact(route));
    const { properties = {} } = route.schema as Partial<TObject>;
    const isEmpty = route.httpPart === 'querystring' && Object.keys(properties).length === 0;
    return isEmpty ? refuseParameters : checkText(route.schema, compileText(route));
  };
  return compile as unknown as ReturnType<BuildCompilerFromPool>;
};

/** Validates the query of a route without parameters; Ajv would cost more than the work of some routes. */
const refuseParameters: Validator = (query) => {
  if (Object.keys(query as object).length === 0) return true;
  // A parameter's name is not repeated: it may be a secret, such as a mistyped link.
  refuseParameters.errors = [brokenRule('', 'must not have query parameters')];
  return false;
};

/**
 * Stops at the first error, and collects the others only for small data: listing every error of a large body
 * costs the server far more than it costs the client to send.
 */
function collectErrorsForSmallData(
  passes: Validator,
  compileCollector: () => Validator,
): Validator {
  let collector: Validator | undefined;
  const validate: Validator = (data) => {
    if (passes(data)) return true;
    validate.errors = passes.errors;
    if (isSmall(data)) {
      collector ??= compileCollector();
      collector(data);
      validate.errors = collector.errors ?? passes.errors;
    }
    return false;
  };
  return validate;
}

function isSmall(data: unknown): boolean {
  let left = MAX_EXPLAINED_VALUES;
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

/** Refuses text that databases do not store unchanged, in a body that is otherwise valid. */
function checkBody(passes: Validator): Validator {
  const validate: Validator = (data) => {
    const passed = passes(data);
    validate.errors = passes.errors && explainUnion(passes.errors);
    const malformed = passed ? findMalformedText(data) : undefined;
    if (malformed === undefined) return passed;
    validate.errors = [brokenRule(malformed, 'must not contain an unpaired surrogate')];
    return false;
  };
  return validate;
}

/** Checks text before it is converted. PostgreSQL stores no U+0000. */
function checkText(schema: object, passes: Validator): Validator {
  const validate: Validator = (data) => {
    const values = data as Record<string, unknown>;
    const nul = Object.keys(values).find((name) => String(values[name]).includes('\0'));
    if (nul !== undefined) {
      validate.errors = [brokenRule(`/${nul}`, 'must not contain U+0000')];
      return false;
    }
    replaceUnusualNumbers(schema, values);
    const passed = passes(data);
    validate.errors = passes.errors;
    return passed;
  };
  return validate;
}

function brokenRule(instancePath: string, message: string): BrokenRule {
  return { keyword: 'text', instancePath, schemaPath: '#', params: {}, message };
}
