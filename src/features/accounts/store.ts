import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../../database/database.ts';
import {
  type AccountRepository,
  createAccountRepository,
  prepareAccountStatements,
} from './accounts/repository.ts';
import {
  type AuditEventRepository,
  createAuditEventRepository,
  prepareAuditEventStatements,
} from './audit-events/repository.ts';
import {
  createRefreshTokenRepository,
  prepareRefreshTokenStatements,
  type RefreshTokenRepository,
} from './sessions/refresh-token-repository.ts';
import {
  createSessionRepository,
  prepareSessionStatements,
  type SessionRepository,
} from './sessions/repository.ts';
import {
  type AttemptRepository,
  createAttemptRepository,
  prepareAttemptStatements,
} from './sign-in/repository.ts';
import type { AccountTables } from './tables.ts';

export interface Repositories {
  accounts: AccountRepository;
  sessions: SessionRepository;
  refreshTokens: RefreshTokenRepository;
  attempts: AttemptRepository;
  auditEvents: AuditEventRepository;
}

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
  const { kind } = database;
  const accounts = prepareAccountStatements(database.db, kind);
  const sessions = prepareSessionStatements(database.db);
  const refreshTokens = prepareRefreshTokenStatements(database.db);
  const attempts = prepareAttemptStatements(database.db, kind);
  const auditEvents = prepareAuditEventStatements(database.db);
  const repositoriesOn = (db: Kysely<AccountTables>): Repositories => ({
    accounts: createAccountRepository(db, kind, accounts),
    sessions: createSessionRepository(db, sessions),
    refreshTokens: createRefreshTokenRepository(db, refreshTokens),
    attempts: createAttemptRepository(db, kind, attempts),
    auditEvents: createAuditEventRepository(db, auditEvents),
  });
  return {
    ...repositoriesOn(database.db),
    transaction: (work) => database.transaction((trx) => work(repositoriesOn(trx), trx)),
    within: repositoriesOn,
    snapshot: (work) => database.snapshot((trx) => work(repositoriesOn(trx))),
  };
}
