import { STATUS_CODES } from 'node:http';
import { type Static, type TSchema, Type } from '@sinclair/typebox';

/** Invalid members that one response names. */
export const MAX_FIELD_ERRORS = 20;

const problemMembers = {
  type: Type.String({
    description: 'Always `about:blank`; `code` identifies the kind of error.',
    examples: ['about:blank'],
  }),
  title: Type.String({ description: 'The reason phrase of the status.' }),
  status: Type.Integer({ description: 'The HTTP status.' }),
  detail: Type.String({
    description: 'The cause of this error and what to do about it, for people.',
  }),
  code: Type.String({ description: 'The kind of error, for programs. Stable.' }),
  request_id: Type.String({
    description: 'The id of the request, as in X-Request-Id and the log.',
  }),
};

/** The body of every error: RFC 9457, with `code` and `request_id` as extension members. */
export const ProblemSchema = Type.Object(problemMembers, {
  $id: 'Problem',
  description: 'An error (RFC 9457).',
});

export const ValidationProblemSchema = Type.Object(
  {
    ...problemMembers,
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          path: Type.String({
            description:
              'JSON Pointer (RFC 6901) to the member, within body, query, path or headers.',
          }),
          message: Type.String({ description: 'The rule that it breaks.' }),
        }),
        {
          description: 'One entry for each invalid member, in order; at most the first 20.',
        },
      ),
    ),
  },
  { $id: 'ValidationProblem', description: 'An error that may name members (RFC 9457).' },
);

export type ProblemBody = Static<typeof ValidationProblemSchema>;
export type FieldError = NonNullable<ProblemBody['errors']>[number];

interface ProblemOptions {
  headers?: Record<string, string>;
  /** Seconds after which the client may try again; replaces the one of the problem's type. */
  retryAfter?: number;
  errors?: FieldError[];
  /** Extension members of the body (RFC 9457 section 3.2). */
  members?: Record<string, unknown>;
  cause?: unknown;
}

/** An error with a response. Throw it from any depth; the `problems` plugin answers it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;
  readonly errors: FieldError[] | undefined;
  readonly members: Record<string, unknown> | undefined;

  constructor(status: number, code: string, detail: string, options: ProblemOptions = {}) {
    super(detail, { cause: options.cause });
    this.status = status;
    this.code = code;
    this.headers = {
      ...(options.retryAfter !== undefined && { 'retry-after': String(options.retryAfter) }),
      ...options.headers,
    };
    this.errors = options.errors;
    this.members = options.members;
  }

  /** The name by which Fastify and its parsers read the status. */
  get statusCode(): number {
    return this.status;
  }
}

/** Facts about a kind of problem that go beyond its status and its text. */
interface ProblemTraits {
  /** The sentence of the specification and of docs/reference/errors.md; by default the detail. */
  when?: string;
  /** Seconds after which a client may try again (`Retry-After`). */
  retryAfter?: number;
  /** Schema of the body, where it has extension members; with `example`, a value of these members. */
  schema?: TSchema;
  example?: Record<string, unknown>;
}

/** A kind of problem. Call it to make one. */
export interface ProblemType extends ProblemTraits {
  (detail?: string, options?: ProblemOptions): Problem;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly when: string;
}

const catalogue = new Map<string, ProblemType>();

/** Every kind of problem that has been defined, by code; tests compare the documentation with it. */
export const problemTypes: ReadonlyMap<string, ProblemType> = catalogue;

/**
 * Defines a kind of problem.
 *
 * @throws {Error} if the code is taken: a code has one meaning and one status.
 */
export function defineProblem(
  status: number,
  code: string,
  detail: string,
  traits: ProblemTraits = {},
): ProblemType {
  if (catalogue.has(code)) throw new Error(`the problem code ${code} is defined twice`);
  const create = (detailHere = detail, options: ProblemOptions = {}) =>
    new Problem(status, code, detailHere, {
      ...(traits.retryAfter !== undefined && { retryAfter: traits.retryAfter }),
      ...options,
    });
  const type = Object.assign(create, { status, code, detail, when: detail, ...traits });
  catalogue.set(code, type);
  return type;
}

/** Returns the response body of a problem. */
export function problemBody(problem: Problem, requestId: string): ProblemBody {
  return {
    type: 'about:blank',
    title: STATUS_CODES[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    request_id: requestId,
    ...(problem.errors && { errors: problem.errors }),
    ...problem.members,
  };
}

/** Problems that any route can have. Those of one feature are in its `problems.ts`. */
export const problems = {
  malformedRequest: defineProblem(400, 'malformed_request', 'This is not a valid HTTP request.', {
    when: 'What arrived is not a valid HTTP request, or broke off.',
  }),
  malformedJson: defineProblem(400, 'malformed_json', 'The body is not valid JSON.', {
    when: 'The body is not JSON. For `/sum`, `detail` says what is wrong and at which byte, and in JSON Lines at which line.',
  }),
  validationFailed: defineProblem(
    400,
    'validation_failed',
    'The request breaks the rules named in "errors".',
    {
      when: 'The request breaks the rules named in `errors`: up to 20, or only the first for large bodies.',
      example: { errors: [{ path: '/username', message: 'must not be blank' }] },
    },
  ),
  missingToken: defineProblem(
    401,
    'missing_token',
    'Send a token as "Authorization: Bearer <token>". POST /accounts/login issues one, and POST /auth one for /sum.',
    {
      when: 'There is no `Authorization: Bearer …`. `POST /accounts/login` issues a token, and `POST /auth` one for `/sum`.',
    },
  ),
  invalidToken: defineProblem(
    401,
    'invalid_token',
    'The token is not valid here. Get a new one from POST /auth or POST /accounts/login.',
    { when: 'The token was not issued by this server, or not for it. Get a new one.' },
  ),
  tokenExpired: defineProblem(401, 'token_expired', 'The token has expired. Get a new one.'),
  sessionEnded: defineProblem(
    401,
    'session_ended',
    'The session of the token has ended. Sign in again.',
    {
      when: 'The session of the token has ended, also because its account was disabled or deleted. Sign in again.',
    },
  ),
  insufficientScope: defineProblem(403, 'insufficient_scope', 'The token lacks a scope.', {
    when: 'The token lacks the scope that `WWW-Authenticate` names. Sign in to an account, or as an administrator for `admin`.',
  }),
  notFound: defineProblem(404, 'not_found', 'There is nothing at this path.'),
  methodNotAllowed: defineProblem(
    405,
    'method_not_allowed',
    'This path does not support the method; see Allow.',
    { when: 'The path does not support this method; see `Allow`.' },
  ),
  requestTimeout: defineProblem(408, 'request_timeout', 'The request did not arrive in time.', {
    when: 'The request stalled, or took too long to arrive.',
  }),
  bodyTooLarge: defineProblem(
    413,
    'body_too_large',
    'The body is larger than this route accepts.',
    { when: 'The body is larger than `MAX_BODY_BYTES`.' },
  ),
  unsupportedMediaType: defineProblem(
    415,
    'unsupported_media_type',
    'Send the body as application/json.',
    {
      when: 'The `Content-Type` is not one that the route reads; for `/sum`, `Accept` of the answer names those it reads.',
    },
  ),
  unsupportedEncoding: defineProblem(
    415,
    'unsupported_content_encoding',
    'This route does not decode that Content-Encoding.',
    {
      when: 'The route does not decode this `Content-Encoding`; `Accept-Encoding` of the answer names those it does.',
    },
  ),
  expectationFailed: defineProblem(
    417,
    'expectation_failed',
    'Remove the Expect header; only "Expect: 100-continue" is supported.',
    { when: '`Expect` is something else than `100-continue`. Remove it.' },
  ),
  rateLimited: defineProblem(
    429,
    'rate_limited',
    'This client sends too many requests. Try again after Retry-After seconds.',
    {
      when: 'The client has used up a limit of `RateLimit-Policy`. Try again after `Retry-After` seconds.',
      retryAfter: 1,
    },
  ),
  tooManyInFlight: defineProblem(
    429,
    'too_many_in_flight',
    'This client has too many such requests in flight. Try again once some have ended.',
    { retryAfter: 1 },
  ),
  headerTooLarge: defineProblem(431, 'header_too_large', 'The request header is too large.', {
    when: 'The request header is larger than `MAX_HEADER_BYTES`.',
  }),
  internalError: defineProblem(
    500,
    'internal_error',
    'The server failed. The log has the reason under the request id.',
    { when: 'The server failed. The log has the reason under the request id.' },
  ),
  /** Has no Retry-After, and a status that clients do not retry: the change may have been made. */
  outcomeUnknown: defineProblem(
    500,
    'outcome_unknown',
    'The connection to the database broke during the commit, so the change may or may not have been made. ' +
      'Check before you send it again, or send it again with the same Idempotency-Key.',
  ),
  overloaded: defineProblem(
    503,
    'overloaded',
    'The server is busy. Try again after Retry-After seconds.',
    {
      when: 'The server lags behind (`MAX_EVENT_LOOP_DELAY`). Try again after `Retry-After` seconds.',
      retryAfter: 1,
    },
  ),
  databaseUnavailable: defineProblem(
    503,
    'database_unavailable',
    'The database does not answer. Try again after Retry-After seconds.',
    {
      when: 'The database does not answer, or accepts no writes. Try again after `Retry-After` seconds.',
      retryAfter: 1,
    },
  ),
  closing: defineProblem(503, 'shutting_down', 'The server is shutting down. Try again.', {
    when: '`/health/ready` answers this while the last requests are finished.',
    retryAfter: 1,
  }),
} as const;
