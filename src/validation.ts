import createCompilers, { type BuildCompilerFromPool } from '@fastify/ajv-compiler';

const build = createCompilers();

/**
 * How requests are held against schemas. In a body, what is sent is what is checked: nothing is
 * converted, dropped or filled in. Query strings and paths are text, so there "5" is a number where one
 * is asked for, and defaults are filled in.
 */
export const buildValidator: BuildCompilerFromPool = (schemas, options) => {
  const compilers = (settings: object) =>
    build(schemas, { ...options, customOptions: { allErrors: true, ...settings } } as never);
  const exact = compilers({ coerceTypes: false, removeAdditional: false, useDefaults: false });
  const fromText = compilers({ coerceTypes: true, removeAdditional: false, useDefaults: true });
  return (route) =>
    ((route as { httpPart?: string }).httpPart === 'body' ? exact : fromText)(route);
};
