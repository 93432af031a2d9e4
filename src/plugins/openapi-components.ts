import { BODY_EXAMPLES } from '../http/body-examples.ts';

/** The parts of an OpenAPI document that are completed here. */
export interface OpenApiDocument {
  paths?: Record<string, Record<string, Operation>>;
  components?: {
    schemas?: Record<string, Schema>;
    responses?: Record<string, Response>;
    examples?: Record<string, Example>;
    parameters?: Record<string, Parameter>;
    headers?: Record<string, object>;
  };
}
interface Operation {
  parameters?: Shared<Parameter>[];
  requestBody?: Response;
  [BODY_EXAMPLES]?: Record<string, Example>;
  responses?: Record<string, Shared<Response>>;
}
interface Parameter extends Serialization {
  name: string;
  schema?: Serialization;
}
/** The spelling of a list in a parameter. */
interface Serialization {
  style?: string;
  explode?: boolean;
}
interface Schema {
  properties?: Record<string, Record<string, unknown>>;
  oneOf?: { $ref: string }[];
  discriminator?: { propertyName: string; mapping?: Record<string, string> };
}
interface Response {
  headers?: Record<string, Shared<object>>;
  content?: Record<string, { examples?: Record<string, Shared<Example>> }>;
}
interface Example {
  value: unknown;
}
type Shared<T> = T | { $ref: string };

/**
 * Moves error responses, examples, headers and parameters to `components`, where each stands once, and lets operations
 * refer to them. Changes the document.
 */
export function shareComponents(document: OpenApiDocument): void {
  const examples: Record<string, Example> = {};
  const headers: Record<string, object> = {};
  for (const response of responsesOf(document)) {
    shareExamples(response, examples);
    shareHeaders(response, headers);
  }
  const responses = shareErrors(document);
  const parameters = shareParameters(document);
  document.components = { ...document.components, responses, examples, headers, parameters };
}

/**
 * Shares error responses. One with a single problem is named after its code, another after its status; of several with
 * the same status, that of most operations first.
 */
function shareErrors(document: OpenApiDocument): Record<string, Response> {
  const responses: Record<string, Response> = {};
  const places = operationsOf(document).flatMap(({ responses: list = {} }) =>
    Object.entries(list)
      .map(([status, response]) => ({ list, status, response, codes: codesOf(response) ?? [] }))
      .filter(({ codes }) => codes.length > 0),
  );
  const groups = [...Map.groupBy(places, ({ response }) => JSON.stringify(response)).values()];
  const named = new Map<string, number>();
  for (const group of groups.toSorted((a, b) => b.length - a.length)) {
    const { status, response, codes } = group[0]!;
    const name = codes.length === 1 ? codes[0]! : status;
    const number = (named.get(name) ?? 0) + 1;
    named.set(name, number);
    const key = number === 1 ? name : `${name}-${number}`;
    responses[key] = response as Response;
    for (const { list } of group) list[status] = { $ref: `#/components/responses/${key}` };
  }
  return responses;
}

/** Shares the parameters that several operations have, those of most operations first. */
function shareParameters(document: OpenApiDocument): Record<string, Parameter> {
  const parameters: Record<string, Parameter> = {};
  const lists = operationsOf(document).map((operation) => operation.parameters ?? []);
  const places = lists.flatMap((list) =>
    list.map((parameter, index) => ({ list, index, parameter })),
  );
  const groups = Map.groupBy(places, ({ parameter }) => JSON.stringify(parameter));
  const repeated = [...groups.values()].filter(({ length }) => length > 1);
  for (const group of repeated.toSorted((a, b) => b.length - a.length)) {
    const parameter = group[0]!.parameter as Parameter;
    const name =
      share(parameters, parameter.name, parameter) ??
      share(parameters, `${parameter.name}-2`, parameter);
    if (name === undefined) continue;
    for (const { list, index } of group) list[index] = { $ref: `#/components/parameters/${name}` };
  }
  return parameters;
}

/** Maps values of discriminators to schemas, as OpenAPI requires and Ajv forbids. Changes the document. */
export function mapDiscriminators({ components: { schemas = {} } = {} }: OpenApiDocument): void {
  for (const { oneOf = [], discriminator } of Object.values(schemas)) {
    if (!discriminator) continue;
    const entries = oneOf.map(({ $ref }) => {
      const tag = schemas[$ref.split('/').at(-1)!]!.properties![discriminator.propertyName]!;
      return [(tag.enum as string[])[0], $ref];
    });
    discriminator.mapping = Object.fromEntries(entries);
  }
}

/** Moves the `style` and `explode` of a parameter's schema to the parameter, where OpenAPI has them. Changes the document. */
export function placeSerializations(document: OpenApiDocument): void {
  const parameters = operationsOf(document).flatMap((operation) => operation.parameters ?? []);
  for (const parameter of parameters as Parameter[]) {
    const { style, explode, ...schema } = parameter.schema ?? {};
    if (style === undefined) continue;
    Object.assign(parameter, { style, explode, schema });
  }
}

/** Moves the examples of a body to each of its media types. Changes the document. */
export function placeBodyExamples(document: OpenApiDocument): void {
  for (const operation of operationsOf(document)) {
    const { [BODY_EXAMPLES]: examples, requestBody } = operation;
    if (!examples) continue;
    for (const media of Object.values(requestBody?.content ?? {})) {
      media.examples = { ...examples };
    }
    delete operation[BODY_EXAMPLES];
  }
}

/** Lists paths in the order in which a person tries them, and in each what creates something first. Changes the document. */
export function sortPaths(document: OpenApiDocument, first: readonly string[]): void {
  const rankOf = (path: string) => (first.includes(path) ? first.indexOf(path) : first.length);
  const paths = Object.entries(document.paths ?? {})
    .sort(([one], [other]) => rankOf(one) - rankOf(other))
    .map(([path, { post, ...others }]) => [path, { ...(post && { post }), ...others }]);
  document.paths = Object.fromEntries(paths);
}

function operationsOf({ paths = {} }: OpenApiDocument) {
  return Object.values(paths).flatMap((path) => Object.values(path));
}

function responsesOf(document: OpenApiDocument): Response[] {
  return operationsOf(document).flatMap(({ responses = {} }) =>
    Object.values(responses),
  ) as Response[];
}

/** The codes of the problems that a response can be; undefined for a success. */
function codesOf(response: Shared<Response>): string[] | undefined {
  const problem =
    'content' in response ? response.content?.['application/problem+json'] : undefined;
  return problem?.examples && Object.keys(problem.examples).sort();
}

function shareHeaders(response: Response, headers: Record<string, object>): void {
  for (const [key, header] of Object.entries(response.headers ?? {})) {
    const name = share(headers, key, header) ?? share(headers, `${key}-2`, header);
    if (name !== undefined) response.headers![key] = { $ref: `#/components/headers/${name}` };
  }
}

function shareExamples({ content = {} }: Response, examples: Record<string, Example>): void {
  for (const media of Object.values(content)) {
    for (const [key, example] of Object.entries(media.examples ?? {})) {
      const name = share(examples, key, example as Example);
      if (name !== undefined) media.examples![key] = { $ref: `#/components/examples/${name}` };
    }
  }
}

/** Returns the name under which the component is shared; undefined if another component has that name. */
function share<T>(components: Record<string, T>, name: string, component: T): string | undefined {
  components[name] ??= component;
  const isSame = JSON.stringify(components[name]) === JSON.stringify(component);
  return isSame ? name : undefined;
}
