import { Type } from '@sinclair/typebox';
import {
  ProblemSchema,
  type ProblemType,
  problemBody,
  problems,
  ValidationProblemSchema,
} from './problem.ts';

/** The pattern of a text that has something to read in it. */
export const NOT_BLANK = '\\S';

/** A UUID in lower case, as answers have it: no database finds an id in another spelling. */
export const uuid = (description: string) =>
  Type.String({
    format: 'uuid',
    pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
    description,
  });

/** What a route that parses a JSON body can answer besides its own problems. */
export const bodyProblems = [
  problems.malformedRequest,
  problems.malformedJson,
  problems.validationFailed,
  problems.requestTimeout,
  problems.bodyTooLarge,
  problems.unsupportedMediaType,
  problems.unsupportedEncoding,
];

const HEADERS: Record<number, Record<string, object>> = {
  401: {
    'WWW-Authenticate': { type: 'string', description: 'The challenge of RFC 6750 section 3.' },
  },
  403: {
    'WWW-Authenticate': { type: 'string', description: 'Names the scope that is missing.' },
  },
  429: { 'Retry-After': { type: 'integer', description: 'Seconds to wait.' } },
  503: { 'Retry-After': { type: 'integer', description: 'Seconds to wait.' } },
};

const EXAMPLE_REQUEST_ID = '0f5c6a0e-9d1b-4f7e-8a55-2f6f0f1c7d3a';

/** What any route can answer, if only to a header that it does not know. */
const EVERY_ROUTE = [problems.expectationFailed, problems.internalError, problems.overloaded];

/**
 * The error responses of a route, by status, with an example for each problem that it can have.
 */
export function problemResponses(types: readonly ProblemType[]): Record<number, object> {
  const all = [...types, ...EVERY_ROUTE];
  const byStatus = Object.groupBy(all, (type) => type.status);
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, group]) => [
      status,
      problemResponse(Number(status), group!),
    ]),
  );
}

function problemResponse(status: number, types: ProblemType[]) {
  const schema = types.includes(problems.validationFailed)
    ? ValidationProblemSchema
    : ProblemSchema;
  return {
    description: types.map(({ code, detail }) => `\`${code}\`: ${detail}`).join('\n\n'),
    ...(HEADERS[status] && { headers: HEADERS[status] }),
    content: {
      'application/problem+json': {
        schema: Type.Ref(schema.$id!),
        examples: Object.fromEntries(types.map((type) => [type.code, { value: exampleOf(type) }])),
      },
    },
  };
}

function exampleOf(type: ProblemType) {
  const errors = [{ path: '/username', message: 'must not be blank' }];
  const problem = type(undefined, type === problems.validationFailed ? { errors } : {});
  return problemBody(problem, EXAMPLE_REQUEST_ID);
}

/** A successful JSON response with named examples. */
export function jsonResponse(
  description: string,
  schema: { $id?: string },
  examples: Record<string, unknown>,
  headers?: Record<string, object>,
) {
  return {
    description,
    ...(headers && { headers }),
    content: {
      'application/json': {
        schema: Type.Ref(schema.$id!),
        examples: Object.fromEntries(
          Object.entries(examples).map(([name, value]) => [name, { value }]),
        ),
      },
    },
  };
}

/** A successful response that says nothing but that it succeeded. */
export function emptyResponse(description: string) {
  return { description, type: 'null' };
}
