import { Socket } from 'node:net';
import type { QueryResult } from 'kysely';
import pg from 'pg';
import type { ServerOptions, Wire } from './wire.ts';

export function postgresWire({ url, timeout }: ServerOptions): Wire {
  const socket = new Socket();
  const client = new pg.Client({
    connectionString: url,
    keepAlive: true,
    stream: () => socket,
    ...(timeout > 0 && {
      statement_timeout: timeout,
      idle_in_transaction_session_timeout: timeout,
    }),
    types: { getTypeParser },
  });
  return {
    async open() {
      await client.connect();
    },
    async query<R>(sql: string, parameters: readonly unknown[]) {
      const result = await client.query(sql, parameters as unknown[]);
      // PostgreSQL answers COMMIT with ROLLBACK after an error in the transaction.
      if (sql === 'commit' && result.command === 'ROLLBACK') {
        throw new Error(
          'the transaction was rolled back, because one of its statements had failed',
        );
      }
      return toQueryResult<R>(result);
    },
    end: () => void client.end().catch(() => undefined),
    destroy: () => void socket.destroy(),
    onLost(listener) {
      client.on('error', listener);
      client.on('end', listener);
    },
  };
}

const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

function toQueryResult<R>({ command, rowCount, rows }: pg.QueryResult): QueryResult<R> {
  return {
    rows: (rows ?? []) as R[],
    ...(CHANGES.has(command) && { numAffectedRows: BigInt(rowCount ?? 0) }),
  };
}

const INT8 = 20;

/** Reads 64-bit integers as numbers: times and amounts are below 2^53. */
const getTypeParser = ((oid: number, format: 'text') =>
  oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser;
