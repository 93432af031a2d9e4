import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify';
import fp from 'fastify-plugin';
import { problems } from '../../http/problem.ts';
import {
  type FindSession,
  insufficientScope,
  refuseToken,
  sessionEnded,
} from '../../http/secured.ts';
import { announcesBody } from '../../plugins/bodies.ts';
import { type Claims, TokenRefused } from './tokens.ts';

declare module 'fastify' {
  interface FastifyInstance {
    requireScope(scope: string): onRequestHookHandler;
    confirmScope(request: FastifyRequest): Promise<void>;
  }
  interface FastifyRequest {
    /** Scope to check again once the body has arrived; null where that is not needed. */
    unconfirmedScope: string | null;
    /** The claims of the verified token; null on public routes. */
    claims: Claims | null;
  }
}

/** A session is not checked again if the body has arrived within this time after the header. */
const PROMPT_BODY_MS = 100;

/**
 * Checks the token of each route with a scope before its body is read, and the session a second time before
 * the handler where the body arrived late.
 */
export const authenticatePlugin = fp(
  async (app: FastifyInstance, { findSession }: { findSession: FindSession }) => {
    app.decorateRequest('claims', null);
    app.decorateRequest('account', null);
    app.decorateRequest('unconfirmedScope', null);

    async function checkSession(request: FastifyRequest, sid: string, scope: string) {
      const account = await findSession(sid);
      request.account = account ?? null;
      if (!account) throw sessionEnded();
      if (!account.scopes.includes(scope)) throw insufficientScope(scope);
    }

    const confirmSession = async (request: FastifyRequest) => {
      const { claims, unconfirmedScope } = request;
      if (unconfirmedScope !== null) await checkSession(request, claims!.sid!, unconfirmedScope);
    };
    app.decorate('confirmSession', confirmSession);
    // TODO remove with the last route in the old style.
    app.decorate('confirmScope', confirmSession);
    app.addHook('preHandler', (request, reply, done) => {
      const isThere = !request.routeOptions.config.readsOwnBody;
      const isLate = reply.elapsedTime > PROMPT_BODY_MS;
      if (request.unconfirmedScope === null || !isThere || !isLate) return done();
      confirmSession(request).then(() => done(), done);
    });

    const requireScope = (scope: string): onRequestHookHandler =>
      function checkToken(request, reply, done) {
        // Whatever a token opens is not for shared caches, errors included.
        reply.header('cache-control', 'no-store');
        request.claims = authenticate(request);
        const { sid, scope: scopes } = request.claims;
        // A guest is what the token says, and nothing more is known. A session can end at any time.
        if (sid === undefined) {
          const isAllowed = scopes === scope || scopes.split(' ').includes(scope);
          return done(isAllowed ? undefined : insufficientScope(scope));
        }
        checkSession(request, sid, scope).then(() => {
          const { headers, raw } = request;
          if (announcesBody(headers) && !raw.complete) request.unconfirmedScope = scope;
          done();
        }, done);
      };
    // TODO remove with the last route in the old style.
    app.decorate('requireScope', requireScope);
    app.addHook('onRoute', (route) => {
      const scope = route.config?.scope;
      if (scope !== undefined) {
        route.onRequest = [requireScope(scope), route.onRequest ?? []].flat();
      }
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
  if (!/^bearer(?: |$)/i.test(authorization)) throw refuseToken(problems.missingToken);
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) throw refuseToken(problems.invalidToken, 'invalid_token');
  try {
    return server.tokens.verify(token);
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    throw refuseToken(
      error.expired ? problems.tokenExpired : problems.invalidToken,
      'invalid_token',
    );
  }
}
