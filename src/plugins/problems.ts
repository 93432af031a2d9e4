import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { NOT_BLANK } from '../http/fields.ts';
import {
  type FieldError,
  MAX_FIELD_ERRORS,
  Problem,
  ProblemSchema,
  type ProblemType,
  problemBody,
  problems,
  ValidationProblemSchema,
} from '../http/problem.ts';
import { refuseToken } from '../http/secured.ts';
import { facts } from '../telemetry.ts';
import { announcesBody } from './bodies.ts';

/** Answers every error as `application/problem+json` (RFC 9457). */
export const problemsPlugin = fp(
  async (app: FastifyInstance) => {
    app.addSchema(ProblemSchema);
    app.addSchema(ValidationProblemSchema);
    app.setErrorHandler(answerWithProblem);
  },
  { name: 'problems' },
);

/** Handles errors of routes, and as `frameworkErrors` those before a route is found. */
export function answerWithProblem(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const problem = toProblem(error);
  facts.publish({ type: 'problem', code: problem.code });
  if (problem.status >= 500) logFailure(problem, request);
  const body = JSON.stringify(problemBody(problem, request.id));
  // These headers describe the route's response, not the error.
  for (const name of ['etag', 'last-modified', 'content-length']) reply.removeHeader(name);
  reply
    .code(problem.status)
    .header('x-request-id', request.id)
    .header('cache-control', 'no-store')
    .headers(problem.headers)
    .type('application/problem+json')
    .serializer((payload: string) => payload);
  if (bodyIsPending(request)) {
    return reply
      .header('connection', 'close')
      .header('content-length', Buffer.byteLength(body))
      .send(Readable.from(answerThenDrain(body, request), { objectMode: false }));
  }
  return reply.send(body);
}

/** Logs an error with its stack, and a refusal without one: there was no error. */
function logFailure(problem: Problem, { log }: FastifyRequest): void {
  if (problem.status === 503 && problem.cause === undefined) {
    log.warn({ code: problem.code }, problem.message);
  } else {
    log.error({ err: problem.cause ?? problem }, problem.message);
  }
}

const invalidMediaType = () =>
  problems.unsupportedMediaType(
    'The Content-Type is not one media type, such as application/json.',
  );

const FASTIFY_PROBLEMS: Record<string, () => Problem> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: invalidMediaType,
  FST_ERR_CTP_BODY_TOO_LARGE: problems.bodyTooLarge,
  FST_ERR_CTP_EMPTY_JSON_BODY: problems.malformedJson,
  FST_ERR_CTP_INVALID_JSON_BODY: problems.malformedJson,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: problems.malformedRequest,
  FST_ERR_BAD_URL: problems.malformedRequest,
  FST_ERR_MAX_PARAM_LENGTH: problems.notFound,
};

/** Codes for an invalid token, of `@fastify/jwt` and of `fast-jwt` underneath. */
const INVALID_TOKEN_CODES = new Set([
  'FST_JWT_AUTHORIZATION_TOKEN_INVALID',
  'FAST_JWT_INACTIVE',
  'FAST_JWT_INVALID_ALGORITHM',
  'FAST_JWT_INVALID_CLAIM_TYPE',
  'FAST_JWT_INVALID_CLAIM_VALUE',
  'FAST_JWT_INVALID_CRIT_HEADER',
  'FAST_JWT_INVALID_PAYLOAD',
  'FAST_JWT_INVALID_SIGNATURE',
  'FAST_JWT_INVALID_TYPE',
  'FAST_JWT_KEY_FETCHING_ERROR',
  'FAST_JWT_MALFORMED',
  'FAST_JWT_MISSING_REQUIRED_CLAIM',
  'FAST_JWT_MISSING_SIGNATURE',
  'FAST_JWT_VERIFY_ERROR',
]);
const EXPIRED_TOKEN_CODES = new Set(['FST_JWT_AUTHORIZATION_TOKEN_EXPIRED', 'FAST_JWT_EXPIRED']);

/** Returns the problem for an error. An unknown error is the server's own, and its text is not shown. */
export function toProblem(error: Error & Partial<FastifyError>): Problem {
  if (error instanceof Problem) return error;
  if (error.validation) return problems.validationFailed(undefined, { errors: fieldErrors(error) });
  const known = FASTIFY_PROBLEMS[error.code ?? ''];
  if (known) return known();
  if (EXPIRED_TOKEN_CODES.has(error.code ?? ''))
    return refuseToken(problems.tokenExpired, 'invalid_token');
  if (INVALID_TOKEN_CODES.has(error.code ?? ''))
    return refuseToken(problems.invalidToken, 'invalid_token');
  if (error instanceof SyntaxError && error.statusCode === 400) return problems.malformedJson();
  if (error.statusCode === 400) return problems.malformedRequest(undefined, { cause: error });
  return problems.internalError(undefined, { cause: error });
}

/** Longest path to a member that is shown whole: members that are not known here have names of any length. */
const MAX_PATH_LENGTH = 200;

function fieldErrors(error: Partial<FastifyError>): FieldError[] {
  return error.validation!.slice(0, MAX_FIELD_ERRORS).map((rule) => {
    const { keyword, instancePath, params, message } = rule;
    const member = params.missingProperty ?? params.additionalProperty ?? params.tag;
    const path = member === undefined ? instancePath : `${instancePath}/${escapePointer(member)}`;
    const shown = path.length > MAX_PATH_LENGTH ? `${path.slice(0, MAX_PATH_LENGTH)}…` : path;
    return { path: shown || '/', message: ruleOf(keyword, params, message) };
  });
}

/** RFC 6901 section 3. */
function escapePointer(member: unknown): string {
  return String(member).replaceAll('~', '~0').replaceAll('/', '~1');
}

function ruleOf(
  keyword: string,
  params: Record<string, unknown>,
  message = 'is not valid',
): string {
  if (keyword === 'required') return 'is required';
  if (keyword === 'additionalProperties') return 'is not known here';
  if (keyword === 'discriminator') return 'must be one of the documented values';
  if (keyword === 'pattern' && params.pattern === NOT_BLANK) return 'must not be blank';
  return message;
}

function bodyIsPending({ raw }: FastifyRequest): boolean {
  return announcesBody(raw.headers) && !raw.complete && !raw.destroyed;
}

/** Time in which a client may go on sending a refused body before its connection is closed. */
const DRAIN_TIME_MS = 2000;

/**
 * Sends a response and keeps its stream open until the client has stopped sending, or for
 * {@link DRAIN_TIME_MS}. Closing while a body arrives resets the connection, and the client may lose the
 * response (RFC 9112 section 9.6).
 */
async function* answerThenDrain(body: string, { raw }: FastifyRequest): AsyncGenerator<string> {
  yield body;
  raw.resume();
  // The response is out; an abort or a timeout here only closes the connection.
  await finished(raw, { signal: AbortSignal.timeout(DRAIN_TIME_MS) }).catch(() => undefined);
}

const CONNECTION_PROBLEMS: Record<string, ProblemType> = {
  HPE_HEADER_OVERFLOW: problems.headerTooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: problems.requestTimeout,
};

/** Answers data that is not a valid request on the bare socket, as Fastify's `clientErrorHandler`. */
export function answerOnSocket(
  this: FastifyInstance,
  error: NodeJS.ErrnoException,
  socket: Socket,
): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = (CONNECTION_PROBLEMS[error.code ?? ''] ?? problems.malformedRequest)();
  facts.publish({ type: 'problem', code: problem.code });
  const requestId = randomUUID();
  this.log.info(
    { request_id: requestId, reason: error.code, status: problem.status },
    'connection refused',
  );
  const body = JSON.stringify(problemBody(problem, requestId));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    'cache-control: no-store',
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
