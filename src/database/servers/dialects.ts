import {
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import type { DiscardingDialect } from '../guarded-dialect.ts';
import { serverDriver } from './driver.ts';
import { isGalera } from './galera.ts';
import { mysqlWire } from './mysql.ts';
import { ServerPool } from './pool.ts';
import { postgresWire } from './postgres.ts';
import type { ServerOptions } from './wire.ts';

/** Leaves the lock of migrations to {@link withMigrationLock}. */
class UnlockedPostgresAdapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}

/** Leaves the lock of migrations on Galera, which refuses locks of connections, to {@link withMigrationLock}. */
class UnlockedGaleraAdapter extends MysqlAdapter {
  override async acquireMigrationLock(...args: LockArguments): Promise<void> {
    if (!(await isGalera(args[0]))) await super.acquireMigrationLock(...args);
  }

  override async releaseMigrationLock(...args: LockArguments): Promise<void> {
    if (!(await isGalera(args[0]))) await super.releaseMigrationLock(...args);
  }
}

type LockArguments = Parameters<MysqlAdapter['acquireMigrationLock']>;

export function postgresDialect(options: ServerOptions): DiscardingDialect {
  return {
    createAdapter: () => new UnlockedPostgresAdapter(),
    createDriver: () => serverDriver(new ServerPool(options, postgresWire)),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

export function mysqlDialect(options: ServerOptions): DiscardingDialect {
  return {
    createAdapter: () => new UnlockedGaleraAdapter(),
    createDriver: () => serverDriver(new ServerPool(options, mysqlWire)),
    createIntrospector: (db) => new MysqlIntrospector(db),
    createQueryCompiler: () => new MysqlQueryCompiler(),
  };
}
