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
import { announcesBody } from './bodies.ts';

/** Turns whatever is thrown into `application/problem+json` (RFC 9457). */
export const problemsPlugin = fp(
  async (app: FastifyInstance) => {
    app.addSchema(ProblemSchema);
    app.addSchema(ValidationProblemSchema);
    app.setErrorHandler(answerWithProblem);
  },
  { name: 'problems' },
);

/** Fastify's error handler; also its `frameworkErrors`, for what fails before a route is found. */
export function answerWithProblem(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const problem = toProblem(error);
  if (problem.status >= 500) request.log.error({ err: problem.cause ?? problem }, problem.message);
  const body = JSON.stringify(problemBody(problem, request.id));
  // What the route said of its answer does not hold for an error, which no cache is to keep.
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

const FASTIFY_PROBLEMS: Record<string, ProblemType> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: problems.unsupportedMediaType,
  FST_ERR_CTP_BODY_TOO_LARGE: problems.bodyTooLarge,
  FST_ERR_CTP_EMPTY_JSON_BODY: problems.malformedJson,
  FST_ERR_CTP_INVALID_JSON_BODY: problems.malformedJson,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: problems.malformedRequest,
  FST_ERR_BAD_URL: problems.malformedRequest,
  FST_ERR_MAX_PARAM_LENGTH: problems.notFound,
};

/** The answer to an error. What is not known to be the client's doing is ours, and shows nothing. */
export function toProblem(error: Error & Partial<FastifyError>): Problem {
  if (error instanceof Problem) return error;
  if (error.validation) return problems.validationFailed(undefined, { errors: fieldErrors(error) });
  const known = FASTIFY_PROBLEMS[error.code ?? ''];
  if (known) return known();
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

/** How long a client may go on sending a body that was refused before it is cut off, in milliseconds. */
const DRAIN_TIME = 2000;

/**
 * A body that is still arriving when its connection closes makes the kernel reset the connection, and
 * the client may lose the answer (RFC 9112 section 9.6). So the answer goes out whole, and its stream
 * ends only when the client has stopped sending, or after a moment.
 */
async function* answerThenDrain(body: string, { raw }: FastifyRequest): AsyncGenerator<string> {
  yield body;
  raw.resume();
  // Either way it ends, nothing is left to say: the answer is out, and the connection closes.
  await finished(raw, { signal: AbortSignal.timeout(DRAIN_TIME) }).catch(() => undefined);
}

const CONNECTION_PROBLEMS: Record<string, ProblemType> = {
  HPE_HEADER_OVERFLOW: problems.headerTooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: problems.requestTimeout,
};

/** Fastify's `clientErrorHandler`: what did not become a request is answered on the bare socket. */
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
