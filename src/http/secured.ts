import type { FastifyRequest } from 'fastify';
import { type Problem, type ProblemType, problems } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Scope that a token needs for this route; routes without one are public. Set it with `secured`. */
    scope?: string;
    /** Tells whether a request has a credential in its address in place of a token. The handler checks it. */
    hasSignature?(request: FastifyRequest): boolean;
  }
  interface FastifyRequest {
    /** Account of the verified token; null for guests and on public routes. */
    account: SignedInAccount | null;
  }
  interface FastifyInstance {
    /**
     * Checks again that the session of a request is alive. Routes that read their own body call it once
     * the body has arrived, which may be long after the token was checked.
     *
     * @throws {Problem} `session_ended`, `insufficient_scope`
     */
    confirmSession(request: FastifyRequest): Promise<void>;
  }
}

/** The account behind a request, as it is at the time of the request. */
export interface SignedInAccount {
  id: string;
  username: string;
  role: string;
  tier: string;
  sessionId: string;
  scopes: readonly string[];
}

/** Returns undefined if the session has ended or its account may not sign in. */
export type FindSession = (sessionId: string) => Promise<SignedInAccount | undefined>;

/**
 * Returns route options that let a request pass only with a valid token of the scope. The `auth` feature
 * adds the check, and the `route-conventions` plugin the specification's `security` and errors.
 */
export function secured<const C extends object = Record<never, never>>(scope: string, config?: C) {
  return { config: { ...(config as C), scope } };
}

/** Problems of every route with a scope. */
export const tokenProblems: readonly ProblemType[] = [
  problems.missingToken,
  problems.invalidToken,
  problems.tokenExpired,
  problems.sessionEnded,
  problems.insufficientScope,
  problems.databaseUnavailable,
];

/** Returns the account behind a request to a route whose scope no guest has. */
export function accountOf({ account }: Pick<FastifyRequest, 'account'>): SignedInAccount {
  return account!;
}

/** Tells whether an account may do what administrators may. */
export function isAdministrator({ scopes }: Pick<SignedInAccount, 'scopes'>): boolean {
  return scopes.includes('admin');
}

/** A refusal of a token, with the challenge of RFC 6750 section 3. */
export function refuseToken(type: ProblemType, error?: string): Problem {
  const challenge = error ? `Bearer realm="tally", error="${error}"` : 'Bearer realm="tally"';
  return type(undefined, { headers: { 'www-authenticate': challenge } });
}

/** The problem of work that goes on after its session has ended. */
export const sessionEnded = () => refuseToken(problems.sessionEnded, 'invalid_token');

/** Ways to a token that has a scope. */
const SCOPE_ADVICE: Record<string, string> = {
  accounts: ' Sign in to an account: POST /accounts/login.',
  admin: ' An administrator must sign in: POST /accounts/login.',
};

/** The refusal of a token that lacks a scope. */
export function insufficientScope(scope: string) {
  const detail = `The token lacks the scope "${scope}".${SCOPE_ADVICE[scope] ?? ''}`;
  return problems.insufficientScope(detail, {
    headers: {
      'www-authenticate': `Bearer realm="tally", error="insufficient_scope", scope="${scope}"`,
    },
  });
}
