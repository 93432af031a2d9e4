import type { FastifyInstance } from 'fastify';
import type { Database } from '../../database/database.ts';
import { sweepRegularly } from '../../http/sweep.ts';
import type { Idempotency } from '../../idempotency/idempotency.ts';
import type { MailSettings } from '../../mail/settings.ts';
import { HOUR_MS } from '../../setting-types.ts';
import { adminRoutes } from './accounts/admin-routes.ts';
import { ensureAdministrator } from './accounts/first-administrator.ts';
import { createRegistration } from './accounts/registration.ts';
import { createRegistrationLimit } from './accounts/registration-limit.ts';
import { accountRoutes } from './accounts/routes.ts';
import { accountSchemas } from './accounts/schemas.ts';
import { type AccountTiers, createAccountService } from './accounts/service.ts';
import { auditEventRoutes } from './audit-events/routes.ts';
import { auditEventSchemas } from './audit-events/schemas.ts';
import { accountPages } from './pages/index.ts';
import { createPasswordMails } from './password-reset/mails.ts';
import { passwordResetRoutes } from './password-reset/routes.ts';
import { passwordResetSchemas } from './password-reset/schemas.ts';
import { createPasswordResetService } from './password-reset/service.ts';
import { sessionRoutes } from './sessions/routes.ts';
import { sessionSchemas } from './sessions/schemas.ts';
import { createSessionService } from './sessions/service.ts';
import type { AccountSettings } from './settings.ts';
import { createAttemptLimiter } from './sign-in/attempt-limiter.ts';
import { createDecoyHashes } from './sign-in/decoy-hashes.ts';
import { createDecoyRepository } from './sign-in/decoy-repository.ts';
import { createPasswords } from './sign-in/passwords.ts';
import { accountAuthentication, signInRoutes } from './sign-in/routes.ts';
import { signInSchemas } from './sign-in/schemas.ts';
import { createSignInService } from './sign-in/service.ts';
import { createStore } from './store.ts';
import { sweepExpired } from './sweep.ts';
import type { AccountTables } from './tables.ts';

const SWEEP_INTERVAL_MS = HOUR_MS;

interface AccountServiceOptions {
  database: Database<AccountTables>;
  idempotency: Idempotency;
  settings: AccountSettings;
  mail: MailSettings;
  tiers: AccountTiers;
}

type AccountServices = Awaited<ReturnType<typeof createAccountServices>>;

/** Creates the services of accounts and their sessions, for the server and for commands. */
export async function createAccountServices(options: AccountServiceOptions) {
  const { database, idempotency, settings, mail, tiers } = options;
  const { defaultTier } = tiers;
  const store = createStore(database);
  const passwords = await createPasswords(settings.hash);
  const limiter = createAttemptLimiter(store, settings.attempts);
  const signIn = createSignInService({
    store,
    passwords,
    limiter,
    decoyHashes: await createDecoyHashes(createDecoyRepository(database)),
    sessionLifetime: settings.sessionLifetime,
  });
  const limit = createRegistrationLimit(store, settings.registrationsPerAddress);
  return {
    store,
    signIn,
    /** The way to authenticate with an account at `POST /auth`. */
    authentication: accountAuthentication(signIn),
    sessions: createSessionService(store, settings),
    accounts: createAccountService({ store, signIn, tiers }),
    passwordReset: createPasswordResetService({ store, passwords, limiter }),
    mailKinds: createPasswordMails({ store, mail, mailsPerAccount: settings.mailsPerAccount }),
    register: createRegistration({ store, passwords, signIn, limit, idempotency, defaultTier }),
    firstAdministrator: settings.firstAdministrator,
    sweep: () => sweepExpired(store, settings),
  };
}

const schemas = [
  ...accountSchemas,
  ...sessionSchemas,
  ...signInSchemas,
  ...passwordResetSchemas,
  ...auditEventSchemas,
];

interface AccountsOptions {
  services: AccountServices;
  publicUrl: string;
}

/** Serves accounts and their sessions. Needs the decorators `tokens` and `defineMails`. */
export async function accountsFeature(app: FastifyInstance, options: AccountsOptions) {
  const { services, publicUrl } = options;
  const { store, signIn, sessions, accounts, passwordReset, register, sweep } = services;
  for (const schema of schemas) app.addSchema(schema);
  app.defineMails(services.mailKinds);

  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('cache-control', 'no-store');
    done();
  });
  await app.register(signInRoutes, { signIn });
  await app.register(sessionRoutes, { sessions, publicUrl });
  await app.register(passwordResetRoutes, { passwordReset });
  await app.register(accountPages);
  await app.register(accountRoutes, { register, accounts, publicUrl });
  await app.register(adminRoutes, { accounts, publicUrl });
  await app.register(auditEventRoutes, { store, publicUrl });

  app.addHook('onReady', () =>
    ensureAdministrator({ store, register, settings: services.firstAdministrator, log: app.log }),
  );
  sweepRegularly(app, {
    interval: SWEEP_INTERVAL_MS,
    run: sweep,
    failure: 'expired sessions, attempts, links and audit events could not be removed',
  });
}
