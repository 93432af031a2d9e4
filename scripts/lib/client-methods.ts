import { methodOf, queryTypeOf } from './client-names.ts';
import {
  answersNothing,
  parametersIn,
  queryOf,
  type Response,
  type Route,
  resolve,
  type Schema,
  type Spec,
} from './client-spec.ts';

/** A method of a resource, described. */
export interface Method {
  name: string;
  /** The function that describes its request. */
  operation: string;
  /** Documentation, sentence by sentence. */
  docs: string[];
  arguments: Argument[];
  /** Name of the argument that may be the entity itself, whose ETag is then sent. */
  guarded: string | undefined;
  takesQuery: boolean;
  /** The type of the content. */
  result: string;
  /** The type of the entries, if the content is a page. */
  entry: string | undefined;
  options: string;
  returns: string;
  /** Codes of problems, the special ones first. */
  codes: string[];
}

interface Argument {
  name: string;
  type: string;
  docs: string;
}

/** Describes the method of an operation. `usage` counts the operations that may answer with a code. */
export function describeMethod(spec: Spec, route: Route, usage: Map<string, number>): Method {
  const answer = Object.values(route.responses)[0]!;
  const content = Object.entries(answer.content ?? {})[0];
  const schema = content?.[1].schema && resolve(spec, content[1].schema);
  const result = answersNothing(route) ? 'void' : (modelOf(content?.[1].schema) ?? 'Blob');
  const guarded = hasHeader(route, 'if-match') && schema?.properties?.etag ? 'etag' : undefined;
  const path = pathArguments(route);
  if (guarded) guard(path[0]!, result);
  return {
    name: methodOf(route),
    operation: route.operationId,
    docs: [route.summary, route.description ?? ''],
    arguments: [...path, ...bodyArguments(spec, route), ...queryArguments(route)],
    guarded: guarded && path[0]!.name,
    takesQuery: queryOf(route).length > 0,
    result,
    entry: schema?.properties?.next ? modelOf(schema.properties.results!.items) : undefined,
    options: optionsOf(route),
    returns: answer.description,
    codes: codesOf(spec, route).sort((a, b) => usage.get(a)! - usage.get(b)! || (a < b ? -1 : 1)),
  };
}

/** Counts the operations that may answer with each code. */
export function countCodes(spec: Spec, routes: Route[]): Map<string, number> {
  const usage = new Map<string, number>();
  for (const code of routes.flatMap((route) => codesOf(spec, route))) {
    usage.set(code, (usage.get(code) ?? 0) + 1);
  }
  return usage;
}

/** Returns the problems of a response, with their examples: each example is named after its code. */
export function problemsOf(spec: Spec, response: Response) {
  const { schema, examples = {} } =
    resolve(spec, response).content?.['application/problem+json'] ?? {};
  return Object.entries(examples).map(([code, example]) => ({
    code,
    model: modelOf(schema)!,
    example: resolve(spec, example).value!,
  }));
}

function codesOf(spec: Spec, { responses }: Route): string[] {
  const codes = Object.values(responses).flatMap((response) => problemsOf(spec, response));
  return [...new Set(codes.map(({ code }) => code))];
}

function pathArguments(route: Route): Argument[] {
  const named = new Map(parametersIn('path', route).map((given) => [given.name, given]));
  return [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name: name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
    type: 'string',
    docs: named.get(name)?.description ?? '',
  }));
}

function guard(argument: Argument, model: string): void {
  argument.name = model.toLowerCase();
  argument.type = `${model} | string`;
  argument.docs = `As you know it: its \`etag\` is sent as \`If-Match\`, so that a later change of somebody else is not lost. An id alone updates any version.`;
}

function bodyArguments(spec: Spec, { requestBody }: Route): Argument[] {
  const schema = Object.values(requestBody?.content ?? {})[0]?.schema;
  if (!schema) return [];
  return [{ name: 'body', type: modelOf(schema)!, docs: resolve(spec, schema).description ?? '' }];
}

function queryArguments(route: Route): Argument[] {
  if (queryOf(route).length === 0) return [];
  return [{ name: 'query', type: queryTypeOf(route), docs: 'Filters, and the part of the list.' }];
}

function optionsOf(route: Route): string {
  if (hasHeader(route, 'idempotency-key')) return 'IdempotentOptions';
  return hasHeader(route, 'if-match') ? 'ConditionalOptions' : 'CallOptions';
}

export function hasHeader(route: Route, header: string): boolean {
  return parametersIn('header', route).some(({ name }) => name.toLowerCase() === header);
}

function modelOf(schema: Schema | undefined): string | undefined {
  return schema?.$ref?.split('/').pop();
}
