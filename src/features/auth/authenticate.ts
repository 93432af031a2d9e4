import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify';
import fp from 'fastify-plugin';
import { defineProblem, type ProblemType, problems } from '../../http/problem.ts';
import { announcesBody } from '../../plugins/bodies.ts';
import { type Claims, TokenRefused } from './tokens.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** An `onRequest` hook that lets a request pass only with a valid token that has the scope. */
    requireScope(scope: string): onRequestHookHandler;
    /**
     * Looks again at the session of a request whose body was still on its way when `requireScope` did. Runs
     * before the handler; one that reads its own body calls it afterwards.
     */
    confirmScope(request: FastifyRequest): Promise<void>;
  }
  interface FastifyRequest {
    /** The scope that is looked at again once the body is there; null where that is not needed. */
    unconfirmedScope: string | null;
    /** The claims of the verified token; null on routes that ask for none. */
    claims: Claims | null;
    /** The account that the token is of; null for a guest, and on routes that ask for no token. */
    account: SignedInAccount | null;
  }
}

/** Who makes a request, as the account is now. */
export interface SignedInAccount {
  id: string;
  username: string;
  role: string;
  tier: string;
  sessionId: string;
  scopes: readonly string[];
}

/** Answers undefined if the session has ended or its account may not sign in. */
export type FindSession = (sessionId: string) => Promise<SignedInAccount | undefined>;

const missingToken = defineProblem(
  401,
  'missing_token',
  'Send a token as "Authorization: Bearer <token>"; POST /auth gives one.',
);
const invalidToken = defineProblem(
  401,
  'invalid_token',
  'The token is not valid here. Get a new one.',
);
const expiredToken = defineProblem(401, 'token_expired', 'The token has expired. Get a new one.');
const endedSession = defineProblem(
  401,
  'session_ended',
  'The session of the token has ended. Sign in again.',
);
const insufficientScope = defineProblem(403, 'insufficient_scope', 'The token lacks a scope.');

/** What a route behind `requireScope` can answer. */
export const tokenProblems = [
  missingToken,
  invalidToken,
  expiredToken,
  endedSession,
  insufficientScope,
  problems.databaseUnavailable,
];

/** Longest time, in milliseconds, from a header to the end of its body after which the session is not looked at again. */
const PROMPT_BODY = 100;

/** For work that goes on after its session has ended. */
export const sessionEnded = () => refuse(endedSession, 'invalid_token');

export const authenticatePlugin = fp(
  async (app: FastifyInstance, { findSession }: { findSession: FindSession }) => {
    app.decorateRequest('claims', null);
    app.decorateRequest('account', null);
    app.decorateRequest('unconfirmedScope', null);
    const look = async (request: FastifyRequest, sid: string, scope: string) => {
      const account = await findSession(sid);
      request.account = account ?? null;
      const fault = account ? faultIn(account.scopes, scope) : sessionEnded();
      if (fault) throw fault;
    };
    app.decorate('confirmScope', async (request: FastifyRequest) => {
      const { claims, unconfirmedScope } = request;
      if (unconfirmedScope !== null) await look(request, claims!.sid!, unconfirmedScope);
    });
    app.addHook('preHandler', (request, reply, done) => {
      const isThere = !request.routeOptions.config.readsOwnBody;
      const isLate = reply.elapsedTime > PROMPT_BODY;
      if (request.unconfirmedScope === null || !isThere || !isLate) return done();
      app.confirmScope(request).then(() => done(), done);
    });
    app.decorate('requireScope', (scope: string): onRequestHookHandler => {
      const hook: onRequestHookHandler = (request, _reply, done) => {
        request.claims = authenticate(request);
        const { sid, scope: scopes } = request.claims;
        // A guest is what the token says, and nothing more is known. A session can end at any time.
        if (sid === undefined) {
          return done(scopes === scope ? undefined : faultIn(scopes.split(' '), scope));
        }
        look(request, sid, scope).then(() => {
          const { headers, raw } = request;
          if (announcesBody(headers) && !raw.complete) request.unconfirmedScope = scope;
          done();
        }, done);
      };
      return hook;
    });
  },
  { name: 'authenticate', dependencies: ['tokens'] },
);

/** The credentials of RFC 6750 section 2.1; the scheme's name is case-insensitive (RFC 9110 section 11.1). */
const BEARER = /^bearer +([\w~+/.-]+=*) *$/i;
const USUAL_SCHEME = 'Bearer ';

function authenticate({ headers, server }: FastifyRequest): Claims {
  const { authorization = '' } = headers;
  if (authorization.startsWith(USUAL_SCHEME)) {
    const known = server.tokens.recall(authorization.slice(USUAL_SCHEME.length));
    if (known) return known;
  }
  if (!/^bearer(?: |$)/i.test(authorization)) throw refuse(missingToken);
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) throw refuse(invalidToken, 'invalid_token');
  try {
    return server.tokens.verify(token);
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    throw refuse(error.expired ? expiredToken : invalidToken, 'invalid_token');
  }
}

/** RFC 6750 section 3: `error` only where the request had credentials at all. */
function refuse(type: ProblemType, error?: string) {
  const challenge = error ? `Bearer realm="tally", error="${error}"` : 'Bearer realm="tally"';
  return type(undefined, { headers: { 'www-authenticate': challenge } });
}

function faultIn(scopes: readonly string[], wanted: string): Error | undefined {
  return scopes.includes(wanted) ? undefined : lackOfScope(wanted);
}

function lackOfScope(scope: string) {
  return insufficientScope(`The token lacks the scope "${scope}".`, {
    headers: {
      'www-authenticate': `Bearer realm="tally", error="insufficient_scope", scope="${scope}"`,
    },
  });
}
