import { createJudge, type Spec } from '../helpers/conformance.ts';
import { readSpecification } from '../helpers/specification.ts';

/** The part of JSON Schema that the specification uses. */
export interface Schema {
  $ref?: string;
  type?: string;
  nullable?: boolean;
  example?: object;
  enum?: unknown[];
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  required?: string[];
  properties?: Record<string, Schema>;
  anyOf?: Schema[];
  oneOf?: Schema[];
}

export interface Parameter {
  in: 'path' | 'query' | 'header';
  name: string;
  required?: boolean;
  schema: Schema;
}

export interface Operation {
  id: string;
  method: string;
  path: string;
  /** Needs no token. */
  isOpen: boolean;
  parameters: Parameter[];
  body: { mediaType: string; schema: Schema } | undefined;
}

interface Description {
  operationId: string;
  security?: unknown[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

const spec: Spec & {
  paths: Record<string, Record<string, Description>>;
  components: { schemas: Record<string, Schema> };
} = readSpecification();

/** Everything that the server offers, as the specification says. */
export const operations: Operation[] = Object.entries(spec.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, description]) => {
    const [content] = Object.entries(description.requestBody?.content ?? {});
    return {
      id: description.operationId,
      method: method.toUpperCase(),
      path,
      isOpen: description.security?.length === 0,
      parameters: description.parameters ?? [],
      body: content && { mediaType: content[0], schema: content[1].schema },
    };
  }),
);

/** The schema that a reference leads to. */
export function dereference(schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : spec.components.schemas[name]!;
}

/** Says why the specification does not allow an answer. */
export const judge = createJudge(spec);
