import {
  type CompiledQuery,
  Kysely,
  type QueryResult,
  SingleConnectionProvider,
  Transaction,
  type TransactionSettings,
} from 'kysely';
import { DatabaseUnavailable } from './errors.ts';
import type { GuardedDialect, Purpose } from './guarded-dialect.ts';
import { setRunner } from './runners.ts';

/** Opens a database whose prepared statements take the direct way to the driver. */
export function openKysely<Tables>(dialect: GuardedDialect): Kysely<Tables> {
  const { driver } = dialect;
  const db = new Kysely<Tables>({ dialect });
  const run = async <R>(query: CompiledQuery<R>): Promise<QueryResult<R>> => {
    const connection = await driver.acquireConnection();
    try {
      return await connection.executeQuery(query);
    } finally {
      await driver.releaseConnection(connection);
    }
  };
  const runAll = () => Promise.reject(new Error('several statements need a transaction'));
  setRunner(db, { run, runAll });
  return db;
}

/** Runs work in a transaction, as kysely does, with a direct way to the driver for prepared statements. */
export async function inTransaction<Tables, T>(
  db: Kysely<Tables>,
  dialect: GuardedDialect,
  { purpose, settings = {} }: { purpose: Purpose; settings?: TransactionSettings },
  work: (trx: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  const { driver } = dialect;
  const connection = await driver.acquireFor(purpose);
  let hasEnded = false;
  const assertRunning = () => {
    if (hasEnded) throw new Error('the transaction has ended');
  };
  const provider = new SingleConnectionProvider(connection);
  const executor = db.getExecutor().withConnectionProvider({
    provideConnection: async (consumer) => {
      assertRunning();
      return provider.provideConnection(consumer);
    },
  });
  const trx = new Transaction<Tables>({ config: { dialect }, dialect, driver, executor });
  setRunner(trx, {
    async run(query) {
      assertRunning();
      return connection.executeQuery(query);
    },
    async runAll(queries) {
      assertRunning();
      return connection.executeAll(queries);
    },
  });
  try {
    await driver.beginTransaction(connection, settings);
    try {
      const result = await work(trx);
      await driver.commitTransaction(connection);
      return result;
    } catch (error) {
      try {
        await driver.rollbackTransaction(connection);
      } catch (sharedCommitFailed) {
        if (!(error instanceof DatabaseUnavailable)) throw sharedCommitFailed;
      }
      throw error;
    }
  } finally {
    hasEnded = true;
    await driver.releaseConnection(connection);
  }
}
