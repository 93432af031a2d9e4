import type { FastifyInstance } from 'fastify';
import type { Database } from '../../database/database.ts';
import { buildValidator } from '../../http/validation.ts';
import { createIdempotency } from '../../idempotency/idempotency.ts';
import type { IdempotencyTables } from '../../idempotency/tables.ts';
import { adminRoutes } from './accounts/admin-routes.ts';
import { createRegistrar } from './accounts/registration.ts';
import { createRegistrationLimit } from './accounts/registration-limit.ts';
import { ownRoutes } from './accounts/routes.ts';
import { NewAccountSchema, namedSchemas } from './accounts/schemas.ts';
import {
  type AccountService,
  type AccountTiers,
  createAccountService,
} from './accounts/service.ts';
import { createSessionService } from './sessions/service.ts';
import type { AccountSettings } from './settings.ts';
import { createAttempts } from './sign-in/attempt-limiter.ts';
import { createStandIns } from './sign-in/decoy-hashes.ts';
import { createPasswords } from './sign-in/passwords.ts';
import { accountAuthentication, signInRoutes } from './sign-in/routes.ts';
import { createCredentialsService } from './sign-in/service.ts';
import { createStore } from './store.ts';
import type { AccountTables } from './tables.ts';

export interface AccountServicesOptions {
  settings: AccountSettings;
  tiers: AccountTiers;
}

export type AccountServices = Awaited<ReturnType<typeof createAccountServices>>;

/** How often what has expired is removed, in milliseconds. */
const SWEEP_INTERVAL = 3_600_000;

/** Creates the services of accounts and sessions. Needs the decorators `database` and `idempotency`. */
export async function createAccountServices(
  app: FastifyInstance,
  { settings, tiers }: AccountServicesOptions,
) {
  const store = createStore(app.database.as<AccountTables>());
  const passwords = await createPasswords(settings.hash);
  const credentials = createCredentialsService({
    store,
    passwords,
    standIns: await createStandIns(app.database.as<AccountTables>(), store),
    attempts: createAttempts(store, settings.attempts),
    sessionLifetime: settings.sessionLifetime,
  });
  const accounts = createAccountService({
    store,
    passwords,
    credentials,
    registrations: createRegistrationLimit(store, settings.registrationsPerAddress),
    idempotency: app.idempotency,
    tiers,
  });
  return {
    store,
    credentials,
    sessions: createSessionService(store, settings),
    accounts,
    /** The way to authenticate at `POST /auth` with an account. */
    authentication: accountAuthentication(credentials),
  };
}

export interface AccountsOptions {
  services: AccountServices;
  /** Start of the URLs of accounts. */
  publicUrl: string;
}

/** Serves accounts and their sessions. Needs the decorators `tokens` and `requireScope`. */
export async function accountsFeature(app: FastifyInstance, options: AccountsOptions) {
  const { services, publicUrl } = options;
  const { store, credentials, sessions, accounts } = services;
  for (const schema of namedSchemas) app.addSchema(schema);

  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('cache-control', 'no-store');
    done();
  });
  await app.register(signInRoutes, { credentials, sessions });
  await app.register(ownRoutes, { accounts, sessions });
  await app.register(adminRoutes, { accounts, store, publicUrl });

  app.addHook('onReady', async () => {
    if (await store.accounts.hasAdministrator()) return;
    app.log.info('there is no administrator; scripts/create-admin makes one, also while this runs');
  });
  sweepRegularly(app, () => sessions.sweep());
}

/** Registers accounts where no server is: in a command. */
export async function createAccountRegistrar(
  database: Database<AccountTables>,
  { hash }: AccountSettings,
  defaultTier: string,
): Promise<AccountService['register']> {
  const register = createRegistrar({
    store: createStore(database),
    passwords: await createPasswords(hash),
    idempotency: createIdempotency(database.as<IdempotencyTables>(), 0),
    // A command has no keys.
    knows: async () => false,
    defaultTier,
  });
  const validate = buildValidator({}, {})({ schema: NewAccountSchema, httpPart: 'body' } as never);
  return async (account, origin, options) => {
    if (!validate(account)) throw Object.assign(new Error(), { validation: validate.errors });
    return register(account, origin, options);
  };
}

function sweepRegularly(app: FastifyInstance, sweep: () => Promise<void>): void {
  const timer = setInterval(() => {
    sweep().catch((error) =>
      app.log.error({ err: error }, 'what has expired could not be removed'),
    );
  }, SWEEP_INTERVAL);
  timer.unref();
  app.addHook('onClose', async () => clearInterval(timer));
}
