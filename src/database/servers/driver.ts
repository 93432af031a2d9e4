import type { DatabaseConnection, TransactionSettings } from 'kysely';
import type { DiscardingDriver } from '../guarded-dialect.ts';
import type { ServerConnection } from './connection.ts';
import type { ServerPool } from './pool.ts';

/** Returns the statements that begin a transaction in the dialect of a server. */
export type BeginStatements = (settings: TransactionSettings) => string[];

export function serverDriver(pool: ServerPool, begin: BeginStatements): DiscardingDriver {
  const run = async (connection: DatabaseConnection, sql: string) => {
    await (connection as ServerConnection).executeQuery({ sql, parameters: [] });
  };
  return {
    init: async () => undefined,
    acquireConnection: () => pool.acquire(),
    async beginTransaction(connection, settings) {
      for (const statement of begin(settings)) await run(connection, statement);
    },
    commitTransaction: (connection) => run(connection, 'commit'),
    rollbackTransaction: (connection) => run(connection, 'rollback'),
    releaseConnection: async (connection) => pool.release(connection as ServerConnection),
    discard: (connection) => (connection as ServerConnection).destroy(),
    destroy: () => pool.close(),
  };
}
