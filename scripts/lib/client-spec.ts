import { isByHand, queryTypeOf, resourceOf } from './client-names.ts';

export interface Schema {
  $ref?: string;
  type?: string;
  description?: string;
  default?: unknown;
  properties?: Record<string, Schema & { 'x-extensible-enum'?: string[] }>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
}

export interface Parameter {
  in: string;
  name: string;
  description?: string;
  required?: boolean;
  schema: Schema;
}

export interface Response {
  $ref?: string;
  description: string;
  content?: Record<string, { schema?: Schema; examples?: Record<string, Example> }>;
}

interface Example {
  $ref?: string;
  value?: Record<string, unknown>;
}

export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  security?: object[];
  parameters?: (Parameter | { $ref: string })[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, Response>;
}

export interface Spec {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** An operation with its place in the document. */
export interface Route extends Operation {
  method: string;
  path: string;
  parameters: Parameter[];
}

/** Lists the operations of a document. */
export function routesOf(spec: Spec): Route[] {
  return Object.entries(spec.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
      parameters: (operation.parameters ?? []).map((given) => resolve(spec, given as Parameter)),
    })),
  );
}

export function parametersIn(place: string, { parameters }: Route): Parameter[] {
  return parameters.filter((parameter) => parameter.in === place);
}

/** Returns the query of a list. That of other operations belongs to addresses that the server signs. */
export function queryOf(route: Route): Parameter[] {
  const query = parametersIn('query', route);
  if (query.some(({ name }) => name === 'page')) return query;
  if (query.length > 0 && !isByHand(route) && !isSigned(route)) {
    throw new Error(`${route.operationId} has a query, but no page`);
  }
  return [];
}

/** Tells whether an address can take the place of a token. */
function isSigned({ security = [] }: Route): boolean {
  return security.some((scheme) => Object.keys(scheme).length === 0);
}

/**
 * Returns a copy of the document as the generator needs it: operations are grouped by resource and take positional
 * arguments, so their queries become schemas, and headers are options of the client.
 */
export function adaptToGenerator(spec: Spec): Spec {
  const copy: Spec = JSON.parse(JSON.stringify(spec), (_, node) =>
    node?.properties && (node.anyOf ?? node.oneOf) ? adaptAlternatives(node) : node,
  );
  for (const route of routesOf(copy)) {
    const operation = copy.paths[route.path]![route.method.toLowerCase()]!;
    operation.tags = [resourceOf(route)];
    operation.parameters = parametersIn('path', route);
    const query = parametersIn('query', route);
    if (query.length > 0 && !isByHand(route))
      copy.components.schemas[queryTypeOf(route)] = querySchema(query);
  }
  return copy;
}

/** Leaves defaults to the server, which may change them. */
function querySchema(parameters: Parameter[]): Schema {
  const properties = parameters.map(({ name, description = '', schema }) => {
    const { default: _, ...rest } = schema;
    return [name, { ...rest, description }];
  });
  return {
    type: 'object',
    description: 'The query of a list.',
    properties: Object.fromEntries(properties),
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

/** Tells whether an operation answers without content. */
export const answersNothing = ({ responses }: Route) => '202' in responses || '204' in responses;
