import type {
  FastifyContextConfig,
  FastifyInstance,
  FastifyRequest,
  onRequestHookHandler,
} from 'fastify';
import { insufficientScope } from '../../../http/secured.ts';
import { announcesBody } from '../../../plugins/bodies.ts';
import type { LoadAccount } from './account-loader.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** True if the body of an account's request was still in flight when its token was checked. */
    hadPendingBody: boolean;
  }
}

/** A session is not checked again if the body has arrived within this time after the header. */
const PROMPT_BODY_MS = 100;

/**
 * Checks the token of each route with a scope before its body is read, and the session a second time before
 * the handler if the body arrived late.
 */
export function addTokenChecks(app: FastifyInstance, loadAccount: LoadAccount): void {
  app.decorateRequest('hadPendingBody', false);

  const requireScope = (
    scope: string,
    hasSignature: FastifyContextConfig['hasSignature'],
  ): onRequestHookHandler => {
    const checkRequest = (request: FastifyRequest) => {
      checkScope(request, scope);
      const { account, headers, raw } = request;
      request.hadPendingBody = account !== null && announcesBody(headers) && !raw.complete;
    };
    return function checkToken(request, reply, done) {
      // Responses to a token must not be stored by shared caches, errors included.
      reply.header('cache-control', 'no-store');
      if (hasSignature?.(request)) return done();
      const verified = app.tokens.verify(request);
      if (verified) {
        verified.then(() => checkRequest(request)).then(() => done(), done);
      } else {
        checkRequest(request);
        done();
      }
    };
  };

  const confirmSession = async (request: FastifyRequest) => {
    if (!request.hadPendingBody) return;
    await loadAccount(request, request.user!);
    checkScope(request, request.routeOptions.config.scope!);
  };
  app.decorate('confirmSession', confirmSession);

  app.addHook('onRoute', (route) => {
    const { scope, hasSignature } = route.config ?? {};
    if (scope !== undefined) {
      route.onRequest = [requireScope(scope, hasSignature), route.onRequest ?? []].flat();
    }
  });
  app.addHook('preHandler', (request, reply, done) => {
    const isLate = request.hadPendingBody && reply.elapsedTime > PROMPT_BODY_MS;
    if (!isLate || request.routeOptions.config.readsOwnBody) return done();
    confirmSession(request).then(() => done(), done);
  });
}

/** The scopes of a guest are in the token; those of an account follow from its current role. */
function checkScope({ account, user }: FastifyRequest, scope: string): void {
  const scopes = account?.scopes ?? user!.scope.split(' ');
  if (!scopes.includes(scope)) throw insufficientScope(scope);
}
