import {
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type TransactionSettings,
} from 'kysely';
import type { DiscardingDialect } from '../guarded-dialect.ts';
import { serverDriver } from './driver.ts';
import { mysqlWire } from './mysql.ts';
import { ServerPool } from './pool.ts';
import { postgresWire } from './postgres.ts';
import type { ServerOptions } from './wire.ts';

export function postgresDialect(options: ServerOptions): DiscardingDialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => serverDriver(new ServerPool(options, postgresWire), beginOnPostgres),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

export function mysqlDialect(options: ServerOptions): DiscardingDialect {
  return {
    createAdapter: () => new MysqlAdapter(),
    createDriver: () => serverDriver(new ServerPool(options, mysqlWire), beginOnMysql),
    createIntrospector: (db) => new MysqlIntrospector(db),
    createQueryCompiler: () => new MysqlQueryCompiler(),
  };
}

function beginOnPostgres({ isolationLevel, accessMode }: TransactionSettings): string[] {
  const modes = [isolationLevel && `isolation level ${isolationLevel}`, accessMode];
  return [['begin', modes.filter(Boolean).join(', ')].join(' ').trim()];
}

/** Sets the isolation level before the transaction, because MySQL has no other way. */
function beginOnMysql({ isolationLevel, accessMode }: TransactionSettings): string[] {
  return [
    ...(isolationLevel ? [`set transaction isolation level ${isolationLevel}`] : []),
    accessMode ? `start transaction ${accessMode}` : 'begin',
  ];
}
