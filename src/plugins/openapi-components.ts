/** The parts of an OpenAPI document that are completed here. */
export interface OpenApiDocument {
  paths?: Record<string, Record<string, Operation>>;
  components?: {
    schemas?: Record<string, Schema>;
    responses?: Record<string, Response>;
    examples?: Record<string, Example>;
  };
}
interface Operation {
  parameters?: Parameter[];
  responses?: Record<string, Shared<Response>>;
}
interface Parameter extends Serialization {
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
  content?: Record<string, { examples?: Record<string, Shared<Example>> }>;
}
interface Example {
  value: unknown;
}
type Shared<T> = T | { $ref: string };

/**
 * Moves error responses and examples to `components`, where each stands once, and lets operations refer to
 * them. Changes the document.
 */
export function shareComponents(document: OpenApiDocument): void {
  const responses: Record<string, Response> = {};
  const examples: Record<string, Example> = {};
  for (const response of responsesOf(document)) shareExamples(response, examples);
  for (const operation of operationsOf(document)) {
    for (const [status, response] of Object.entries(operation.responses ?? {})) {
      const codes = codesOf(response);
      if (codes === undefined) continue;
      const name = share(responses, `${status}.${codes.join('.')}`, response as Response);
      if (name !== undefined)
        operation.responses![status] = { $ref: `#/components/responses/${name}` };
    }
  }
  document.components = { ...document.components, responses, examples };
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
  for (const parameter of operationsOf(document).flatMap(({ parameters = [] }) => parameters)) {
    const { style, explode, ...schema } = parameter.schema ?? {};
    if (style === undefined) continue;
    Object.assign(parameter, { style, explode, schema });
  }
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
