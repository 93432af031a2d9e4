import type { DatabaseConnection } from 'kysely';
import type { DiscardingDriver } from '../guarded-dialect.ts';
import type { ServerConnection } from './connection.ts';
import type { ServerPool } from './pool.ts';

export function serverDriver(pool: ServerPool): DiscardingDriver {
  const run = async (connection: DatabaseConnection, sql: string) => {
    await (connection as ServerConnection).executeQuery({ sql, parameters: [] });
  };
  return {
    init: async () => undefined,
    acquireConnection: () => pool.acquire(),
    async beginTransaction(connection, settings) {
      const statements = (connection as ServerConnection).beginStatements(settings);
      for (const statement of statements) await run(connection, statement);
    },
    commitTransaction: (connection) => run(connection, 'commit'),
    rollbackTransaction: (connection) => run(connection, 'rollback'),
    releaseConnection: async (connection) => pool.release(connection as ServerConnection),
    discard: (connection) => (connection as ServerConnection).destroy(),
    open: () => pool.size,
    destroy: () => pool.close(),
  };
}
