import { defineProblem, type Problem, type ProblemType } from '../../http/problem.ts';

export const accountProblems = {
  weakPassword: defineProblem(
    400,
    'weak_password',
    'The password is too easy to guess; "errors" says why.',
    { when: 'The password is too easy to guess; `errors` says why.' },
  ),
  invalidLink: defineProblem(
    400,
    'invalid_link',
    'The link is not valid: it was used, has expired, or is not whole. Ask for a new one.',
    { when: 'The link of a mail was used, has expired, or is not whole. Ask for a new one.' },
  ),
  invalidCredentials: defineProblem(
    401,
    'invalid_credentials',
    'There is no account with this name and password.',
    { when: 'Unknown account or wrong password: the same answer, after the same time.' },
  ),
  invalidRefreshToken: defineProblem(
    401,
    'invalid_refresh_token',
    'The refresh token is not valid, or its session has ended. Sign in again.',
    {
      when: 'The refresh token is not valid, was used before, or its session has ended. Sign in again.',
    },
  ),
  accountDisabled: defineProblem(
    403,
    'account_disabled',
    'The account is disabled. An administrator can enable it.',
    {
      when: 'The password was right, and the account is disabled. An administrator can enable it.',
    },
  ),
  accountNotFound: defineProblem(404, 'account_not_found', 'There is no account with this id.'),
  sessionNotFound: defineProblem(
    404,
    'session_not_found',
    'You have no session with this id, or it has ended.',
  ),
  emailTaken: defineProblem(409, 'email_taken', 'Another account has this e-mail address.'),
  usernameTaken: defineProblem(
    409,
    'username_taken',
    'Another account has, or once had, this user name.',
  ),
  lastAdministrator: defineProblem(
    409,
    'last_administrator',
    'This is the last administrator. Make another one first.',
  ),
  unknownTier: defineProblem(400, 'unknown_tier', 'There is no tier with this name.'),
  tooManyAttempts: defineProblem(
    429,
    'too_many_attempts',
    'Too many attempts have failed. Try again after Retry-After seconds.',
    { when: 'Too many sign-ins failed. Try again after `Retry-After` seconds.' },
  ),
  tooManyRegistrations: defineProblem(
    429,
    'too_many_registrations',
    'Too many accounts were registered from this address. Try again after Retry-After seconds.',
    {
      when: 'The client address has registered too many accounts. Try again after `Retry-After` seconds.',
    },
  ),
  busy: defineProblem(
    503,
    'busy',
    'Too many passwords are being checked. Try again after Retry-After seconds.',
    {
      when: 'Too many passwords are being checked. Try again after `Retry-After` seconds.',
      retryAfter: 1,
    },
  ),
} as const;

/** A 401 names a scheme (RFC 9110 section 15.5.2). */
const CHALLENGE = { headers: { 'www-authenticate': 'Bearer realm="tally"' } };

export const invalidCredentials = () => accountProblems.invalidCredentials(undefined, CHALLENGE);
export const invalidRefreshToken = () => accountProblems.invalidRefreshToken(undefined, CHALLENGE);

/** Returns a problem that names the time to wait, in whole seconds. */
export function retryAfter(type: ProblemType, milliseconds: number): Problem {
  return type(undefined, { retryAfter: Math.max(1, Math.ceil(milliseconds / 1000)) });
}
