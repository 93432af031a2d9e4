import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../../database/database.ts';
import { type AccountRepository, createAccountRepository } from './accounts/repository.ts';
import {
  type AuditRepository,
  createAuditRepository,
  prepareAuditStatements,
} from './audit-events/repository.ts';
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
  attempts: AttemptRepository;
  audit: AuditRepository;
}

/** The repositories of accounts, and transactions over all of them. */
export interface Store extends Repositories {
  transaction<T>(
    work: (repositories: Repositories, trx: Transaction<AccountTables>) => Promise<T>,
  ): Promise<T>;
  /** The repositories in a transaction that is under way. */
  within(trx: Transaction<AccountTables>): Repositories;
  /** Runs reads on one state of the database. */
  snapshot<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>;
}

export function createStore(database: Database<AccountTables>): Store {
  const { db: connection, kind } = database;
  const sessions = prepareSessionStatements(connection, kind);
  const attempts = prepareAttemptStatements(connection, kind);
  const audit = prepareAuditStatements(connection);
  const over = (db: Kysely<AccountTables>): Repositories => ({
    accounts: createAccountRepository(db, kind),
    sessions: createSessionRepository(db, sessions),
    attempts: createAttemptRepository(db, kind, attempts),
    audit: createAuditRepository(db, audit),
  });
  return {
    ...over(database.db),
    transaction: (work) => database.transaction((trx) => work(over(trx), trx)),
    within: over,
    snapshot: (work) => database.snapshot((trx) => work(over(trx))),
  };
}
