import type { TSchema } from '@sinclair/typebox';
import { ref } from './fields.ts';
import { type ProblemType, problems } from './problem.ts';
import { problemResponses as documentProblems } from './problem-responses.ts';

type Headers = Record<string, object>;

/** Documents a successful JSON response with named examples. */
export function ok<T extends TSchema>(
  description: string,
  schema: T,
  examples: Record<string, unknown>,
  headers?: Headers,
) {
  return {
    description,
    ...(headers && { headers }),
    content: {
      'application/json': {
        schema: ref(schema),
        examples: Object.fromEntries(
          Object.entries(examples).map(([name, value]) => [name, { value }]),
        ),
      },
    },
  };
}

/** Documents the headers of a response that holds secrets. */
export const noStore = {
  'Cache-Control': { type: 'string', description: 'Always no-store.' },
};

/** Documents the response of a route that created something and names its URL in `Location`. */
export function created<T extends TSchema>(
  description: string,
  schema: T,
  examples: Record<string, unknown>,
  headers?: Headers,
) {
  return ok(description, schema, examples, {
    ...headers,
    Location: {
      type: 'string',
      format: 'uri',
      description: 'The absolute URL of what was created.',
    },
  });
}

/** Documents a successful response without a body. */
export function noContent(description: string) {
  return { description, type: 'null' as const };
}

// The old style, until every route is converted.
export { NOT_BLANK, uuid } from './fields.ts';
export { noContent as emptyResponse, ok as jsonResponse };
export const bodyProblems = [
  problems.malformedRequest,
  problems.malformedJson,
  problems.validationFailed,
  problems.requestTimeout,
  problems.bodyTooLarge,
  problems.unsupportedMediaType,
  problems.unsupportedEncoding,
];
export function problemResponses(types: readonly ProblemType[]): Record<number, object> {
  return documentProblems([
    ...types,
    problems.expectationFailed,
    problems.internalError,
    problems.overloaded,
  ]);
}
