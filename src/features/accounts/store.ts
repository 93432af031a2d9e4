import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../../database/database.ts';
import { createOutbox } from '../../mail/outbox.ts';
import { createAccountRepository, prepareAccountStatements } from './accounts/repository.ts';
import {
  createAuditEventRepository,
  prepareAuditEventStatements,
} from './audit-events/repository.ts';
import { createPasswordResetRepository } from './password-reset/repository.ts';
import {
  createRefreshTokenRepository,
  prepareRefreshTokenStatements,
} from './sessions/refresh-token-repository.ts';
import { createSessionRepository, prepareSessionStatements } from './sessions/repository.ts';
import { createAttemptRepository, prepareAttemptStatements } from './sign-in/repository.ts';
import type { AccountTables } from './tables.ts';

export type Repositories = ReturnType<ReturnType<typeof prepareRepositories>>;

/** The repositories of accounts, and transactions over all of them. */
export interface Store extends Repositories {
  transaction<T>(
    work: (repositories: Repositories, trx: Transaction<AccountTables>) => Promise<T>,
  ): Promise<T>;
  /** Returns the repositories in a transaction that has begun. */
  within(trx: Transaction<AccountTables>): Repositories;
  /** Runs reads that must agree with each other. */
  snapshot<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>;
}

export function createStore(database: Database<AccountTables>): Store {
  const repositoriesOn = prepareRepositories(database);
  return {
    ...repositoriesOn(database.db),
    transaction: (work) => database.transaction((trx) => work(repositoriesOn(trx), trx)),
    within: repositoriesOn,
    snapshot: (work) => database.snapshot((trx) => work(repositoriesOn(trx))),
  };
}

/** Prepares statements once, for the repositories on every connection and transaction. */
function prepareRepositories({ db, kind }: Database<AccountTables>) {
  const accounts = prepareAccountStatements(db, kind);
  const sessions = prepareSessionStatements(db);
  const refreshTokens = prepareRefreshTokenStatements(db);
  const attempts = prepareAttemptStatements(db, kind);
  const auditEvents = prepareAuditEventStatements(db);
  return (connection: Kysely<AccountTables>) => ({
    accounts: createAccountRepository(connection, kind, accounts),
    sessions: createSessionRepository(connection, kind, sessions),
    refreshTokens: createRefreshTokenRepository(connection, refreshTokens),
    attempts: createAttemptRepository(connection, kind, attempts),
    auditEvents: createAuditEventRepository(connection, kind, auditEvents),
    passwordResets: createPasswordResetRepository(connection),
    mails: createOutbox(connection, kind),
  });
}
