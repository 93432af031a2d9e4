/** Stands for `_` in names of parameters, which the generator would otherwise write in camelCase. */
export const UNDERSCORE = 'zunderscorez';

export interface Schema {
  $ref?: string;
  type?: string;
  default?: unknown;
  properties?: Record<string, Schema & { 'x-extensible-enum'?: string[] }>;
  required?: string[];
  anyOf?: Schema[];
  oneOf?: Schema[];
}

export interface Parameter {
  in: string;
  name: string;
  required?: boolean;
  schema: Schema;
}

interface Response {
  $ref?: string;
  content?: Record<string, unknown>;
}

export interface Operation {
  security?: unknown[];
  parameters?: (Parameter | { $ref: string })[];
  responses: Record<string, Response>;
}

export interface Spec {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** Returns a copy of the document with what the generator would get wrong put in another way. */
export function adaptToGenerator(spec: Spec): Spec {
  return JSON.parse(JSON.stringify(spec), (_, node) => {
    if (isParameter(node)) return adaptParameter(node);
    return node?.properties && (node.anyOf ?? node.oneOf) ? adaptAlternatives(node) : node;
  });
}

function isParameter(node: Partial<Parameter> | null): node is Parameter {
  return typeof node?.in === 'string' && typeof node.name === 'string' && 'schema' in node;
}

/** Keeps the spelling of a parameter. Its default is left to the server, which may change it. */
function adaptParameter({ name, schema, ...parameter }: Parameter): Parameter {
  const { default: given, ...rest } = schema;
  return {
    ...parameter,
    name: name.replaceAll('_', UNDERSCORE),
    required: parameter.required === true && given === undefined,
    schema: rest,
  };
}

/** Adds the members beside `anyOf` to each alternative: the generator takes them for one more alternative. */
function adaptAlternatives({ anyOf, oneOf, type, properties, required = [], ...rest }: Schema) {
  const alternatives = (anyOf ?? oneOf ?? []).map((alternative) => ({
    type,
    properties: { ...properties, ...alternative.properties },
    required: [...required, ...(alternative.required ?? [])],
  }));
  return { ...rest, anyOf: alternatives };
}

/** Follows a reference within the document. */
export function resolve<T extends object>(spec: Spec, given: T & { $ref?: string }): T {
  if (given.$ref === undefined) return given;
  const keys = given.$ref.slice('#/'.length).split('/');
  return keys.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], spec) as T;
}
