import type { DatabaseConnection } from 'kysely';
import type { DiscardingDriver } from '../guarded-dialect.ts';
import type { ServerConnection } from './connection.ts';
import type { ServerPool } from './pool.ts';

export function serverDriver(pool: ServerPool): DiscardingDriver {
  const end = (connection: DatabaseConnection, statement: 'commit' | 'rollback') =>
    (connection as ServerConnection).endTransaction(statement);
  return {
    init: async () => undefined,
    acquireConnection: () => pool.acquire(),
    async beginTransaction(connection, settings) {
      (connection as ServerConnection).beginTransaction(settings);
    },
    commitTransaction: (connection) => end(connection, 'commit'),
    rollbackTransaction: (connection) => end(connection, 'rollback'),
    releaseConnection: async (connection) => pool.release(connection as ServerConnection),
    discard: (connection) => (connection as ServerConnection).destroy(),
    open: () => pool.size,
    destroy: () => pool.close(),
  };
}
