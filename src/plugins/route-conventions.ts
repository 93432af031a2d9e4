import { type TObject, Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import { type ProblemType, problems } from '../http/problem.ts';
import { problemResponses } from '../http/problem-responses.ts';
import { tokenProblems } from '../http/secured.ts';
import { IdempotencyHeadersSchema, keyProblems, REPLAYED } from '../idempotency/route-support.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Problems of this route, besides those that follow from its schema and its configuration. */
    problems?: readonly ProblemType[];
    /** Accepts an Idempotency-Key. */
    idempotent?: boolean;
  }
}

/**
 * Completes the schemas of routes that are registered after it: unknown query parameters are refused, an
 * `idempotent` route takes its header, and every status that a route can answer is documented.
 */
export const routeConventionsPlugin = fp(
  async (app: FastifyInstance) => {
    app.addHook('onRoute', (route) => {
      if (route.schema && !route.schema.hide) route.schema = completeSchema(route.schema, route);
    });
  },
  { name: 'route-conventions' },
);

function completeSchema(schema: FastifySchema, route: RouteOptions): FastifySchema {
  const { scope, hasSignature, idempotent = false } = route.config ?? {};
  return {
    ...schema,
    querystring: completeQuery((schema.querystring as TObject | undefined) ?? Type.Object({})),
    ...(idempotent && { headers: withIdempotencyKey(schema.headers as TObject | undefined) }),
    security: scope === undefined ? [] : [{ bearer: [] }, ...(hasSignature ? [{}] : [])],
    ...(scope === 'admin' && { 'x-scope': scope }),
    response: {
      ...documentReplays(schema.response as Responses, idempotent),
      ...problemResponses(problemsOf(route)),
    },
  };
}

/** Refuses unknown parameters. A parameter with a default is optional to clients and there for handlers. */
function completeQuery({ required = [], ...query }: TObject) {
  return {
    ...query,
    required: required.filter((name) => query.properties[name]?.default === undefined),
    additionalProperties: false,
  };
}

function withIdempotencyKey(headers?: TObject): TObject {
  const { properties } = IdempotencyHeadersSchema;
  return headers
    ? { ...headers, properties: { ...headers.properties, ...properties } }
    : IdempotencyHeadersSchema;
}

type Responses = Record<string, { headers?: object }>;

/** The success of an `idempotent` route says whether it repeats an earlier answer. */
function documentReplays(responses: Responses, idempotent: boolean): Responses {
  if (!idempotent) return responses;
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => [
      status,
      { ...response, headers: { ...response.headers, ...REPLAYED } },
    ]),
  );
}

/** Problems of reading and parsing a JSON body. */
const BODY_PROBLEMS = [
  problems.malformedRequest,
  problems.malformedJson,
  problems.requestTimeout,
  problems.bodyTooLarge,
  problems.unsupportedMediaType,
  problems.unsupportedEncoding,
];

/** Problems of a path with parameters: the router refuses invalid escapes, U+0000 and long values. */
const PARAMETER_PROBLEMS = [problems.malformedRequest, problems.notFound];

const ALWAYS = [
  problems.validationFailed,
  problems.expectationFailed,
  problems.internalError,
  problems.overloaded,
];

function problemsOf({ method, schema, config = {} }: RouteOptions): ProblemType[] {
  const { scope, idempotent, readsOwnBody, problems: own = [] } = config;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const all = [
    // A body is parsed, and may be refused, even where a route expects none.
    ...(hasBody && !readsOwnBody ? BODY_PROBLEMS : []),
    ...(schema?.params ? PARAMETER_PROBLEMS : []),
    ...(scope === undefined ? [] : tokenProblems),
    ...own,
    ...(idempotent ? keyProblems : []),
    ...(config.rate === 'unlimited' ? [] : [problems.rateLimited, problems.tooManyInFlight]),
    ...ALWAYS,
  ];
  // `/sum` reads the database to check a session, and writes nothing.
  const writes = hasBody && scope !== 'sum';
  if (writes && all.includes(problems.databaseUnavailable)) all.push(problems.outcomeUnknown);
  return all;
}
