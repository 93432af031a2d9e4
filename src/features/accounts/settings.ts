import { availableParallelism } from 'node:os';
import {
  computed,
  count,
  DAY_MS,
  days,
  divided,
  seconds,
  text,
  type Values,
} from '../../setting-types.ts';

const THREADS = Math.min(availableParallelism(), 4);

export const accountVariables = {
  SESSION_LIFETIME: days('time after which a session ends in any case', 90),
  SESSION_IDLE_TIME: days('time after which a session ends if it is not refreshed', 14),
  REFRESH_GRACE: seconds('time for which the previous refresh token still works', 30, 0),
  AUDIT_LIFETIME: days('time after which audit events are deleted', 180),
  PASSWORD_MEMORY: {
    ...count('memory of argon2id for one password', 19_456, 8, 4 * 1024 ** 2),
    unit: 'KiB',
  },
  PASSWORD_PASSES: count('passes of argon2id over its memory', 2, 1, 1000),
  PASSWORD_LANES: count('lanes of argon2id', 1, 1, 64),
  PASSWORD_THREADS: computed(
    'processors, at most 4',
    divided(count('passwords hashed at once', THREADS, 1, 64)),
  ),
  PASSWORD_QUEUE: divided(count('passwords that may wait to be hashed; more get 503', 200, 0, 1e6)),
  ATTEMPTS_PER_ACCOUNT: count(
    'failed sign-ins of an account, after which the next is delayed',
    10,
    1,
    1000,
  ),
  ATTEMPTS_PER_ADDRESS: count(
    'accounts that failed to sign in from an address, after which it is delayed',
    100,
    1,
    1e6,
  ),
  ADMIN_EMAIL: text('e-mail address of an administrator to register while there is none'),
  ADMIN_PASSWORD_FILE: text('file whose first line is the password of ADMIN_EMAIL'),
  MAILS_PER_ACCOUNT: count('mails of one kind that an account gets in an hour', 3, 1, 1000),
  REGISTRATIONS_PER_ADDRESS: count(
    'accounts that an address may register at once; one more each minute',
    100,
    1,
    1e6,
  ),
};

type AccountEnvironment = Values<typeof accountVariables>;

/** Durations are milliseconds. */
export type AccountSettings = ReturnType<typeof toAccountSettings>;

export function toAccountSettings(env: AccountEnvironment) {
  return {
    sessionLifetime: env.SESSION_LIFETIME * DAY_MS,
    sessionIdleTime: env.SESSION_IDLE_TIME * DAY_MS,
    refreshGrace: env.REFRESH_GRACE * 1000,
    auditLifetime: env.AUDIT_LIFETIME * DAY_MS,
    hash: {
      memory: env.PASSWORD_MEMORY,
      passes: env.PASSWORD_PASSES,
      lanes: env.PASSWORD_LANES,
      threads: env.PASSWORD_THREADS,
      queue: env.PASSWORD_QUEUE,
    },
    attempts: { perAccount: env.ATTEMPTS_PER_ACCOUNT, perAddress: env.ATTEMPTS_PER_ADDRESS },
    firstAdministrator: { email: env.ADMIN_EMAIL, passwordFile: env.ADMIN_PASSWORD_FILE },
    mailsPerAccount: env.MAILS_PER_ACCOUNT,
    registrationsPerAddress: env.REGISTRATIONS_PER_ADDRESS,
  };
}

/** Lists what is wrong with these variables beyond their types. */
export const findAccountFaults = (env: AccountEnvironment) => [
  env.PASSWORD_MEMORY < 8 * env.PASSWORD_LANES &&
    'PASSWORD_MEMORY must be at least 8 for each of PASSWORD_LANES',
  (env.ADMIN_EMAIL === '') !== (env.ADMIN_PASSWORD_FILE === '') &&
    'ADMIN_EMAIL and ADMIN_PASSWORD_FILE need each other',
];
