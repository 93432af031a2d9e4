import type { DatabaseConnection } from 'kysely';
import { timed } from '../../telemetry.ts';
import type { DiscardingDriver } from '../guarded-dialect.ts';
import type { ServerConnection } from './connection.ts';
import type { ServerPool } from './pool.ts';

export function serverDriver(pool: ServerPool): DiscardingDriver {
  const counts = { in_use: 0, waiting: 0 };
  const end = (connection: DatabaseConnection, statement: 'commit' | 'rollback') =>
    (connection as ServerConnection).endTransaction(statement);
  const acquire = async () => {
    counts.waiting += 1;
    try {
      const connection = await timed({ kind: 'connection', name: 'acquire' }, () => pool.acquire());
      counts.in_use += 1;
      return connection;
    } finally {
      counts.waiting -= 1;
    }
  };
  return {
    init: async () => undefined,
    acquireConnection: acquire,
    acquireFor: acquire,
    async beginTransaction(connection, settings) {
      (connection as ServerConnection).beginTransaction(settings);
    },
    commitTransaction: (connection) => end(connection, 'commit'),
    rollbackTransaction: (connection) => end(connection, 'rollback'),
    async releaseConnection(connection) {
      counts.in_use -= 1;
      pool.release(connection as ServerConnection);
    },
    discard: (connection) => (connection as ServerConnection).destroy(),
    connections: () => ({ ...counts, idle: Math.max(0, pool.size - counts.in_use) }),
    destroy: () => pool.close(),
  };
}
