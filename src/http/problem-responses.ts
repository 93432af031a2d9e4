import type { TSchema } from '@sinclair/typebox';
import { ref } from './fields.ts';
import {
  ProblemSchema,
  type ProblemType,
  problemBody,
  problems,
  ValidationProblemSchema,
} from './problem.ts';

const HEADERS: Record<number, Record<string, object>> = {
  401: {
    'WWW-Authenticate': { type: 'string', description: 'The challenge of RFC 6750 section 3.' },
  },
  403: {
    'WWW-Authenticate': { type: 'string', description: 'Names the missing scope.' },
  },
  429: {
    'Retry-After': { type: 'integer', description: 'Seconds to wait.' },
    RateLimit: {
      type: 'string',
      description:
        'Also of other answers: the limit that is reached first, as `"name";r=requests left;t=seconds`.',
    },
    'RateLimit-Policy': {
      type: 'string',
      description: 'Also of other answers: the limits, as `"name";q=requests;w=seconds`.',
    },
  },
  503: { 'Retry-After': { type: 'integer', description: 'Seconds to wait.' } },
};

const EXAMPLE_REQUEST_ID = '0f5c6a0e-9d1b-4f7e-8a55-2f6f0f1c7d3a';

/** Documents the error responses of a route, by status, with an example of each problem. */
export function problemResponses(types: Iterable<ProblemType>): Record<string, object> {
  // In one order, so that routes with the same problems share a component.
  const sorted = [...new Set(types)].sort((a, b) => (a.code < b.code ? -1 : 1));
  const byStatus = Object.groupBy(sorted, ({ status }) => status);
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, group]) => [status, problemResponse(group!)]),
  );
}

function problemResponse(types: ProblemType[]) {
  const headers = HEADERS[types[0]!.status];
  return {
    description: types.map(({ code, when }) => `\`${code}\`: ${when}`).join('\n\n'),
    ...(headers && { headers }),
    content: {
      'application/problem+json': {
        schema: ref(schemaOf(types)),
        examples: Object.fromEntries(types.map((type) => [type.code, { value: exampleOf(type) }])),
      },
    },
  };
}

/** Returns the schema of all these problems; extension members are optional, so it fits those without them. */
function schemaOf(types: ProblemType[]): TSchema {
  const extended = types.find(({ schema }) => schema)?.schema;
  if (extended) return extended;
  return types.includes(problems.validationFailed) ? ValidationProblemSchema : ProblemSchema;
}

function exampleOf(type: ProblemType) {
  return problemBody(type(undefined, { members: type.example ?? {} }), EXAMPLE_REQUEST_ID);
}
