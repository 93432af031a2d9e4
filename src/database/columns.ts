import { type CreateTableBuilder, type Kysely, type RawBuilder, sql } from 'kysely';
import type { DatabaseKind } from './database.ts';

/** What a migration works with: a connection, and the types of columns as this database calls them. */
export interface MigrationContext {
  db: Kysely<unknown>;
  types: ColumnTypes;
  /** A table that is not there yet, in the storage that keeps transactions. */
  createTable(name: string): CreateTableBuilder<string, never>;
}

/** Text compares byte by byte everywhere: two texts are the same only if they are. */
export interface ColumnTypes {
  /** A UUID. */
  id: RawBuilder<unknown>;
  /** At most so many characters; no more than 512 where it is part of an index. */
  text(length: number): RawBuilder<unknown>;
  /** Text without such a limit, which no index can have. */
  longText: RawBuilder<unknown>;
  bytes(length: number): RawBuilder<unknown>;
  /** 64 bits: a count, an amount, or a time in milliseconds since 1970. */
  integer: RawBuilder<unknown>;
}

const SQLITE: ColumnTypes = {
  id: sql`text`,
  text: () => sql`text`,
  longText: sql`text`,
  bytes: () => sql`blob`,
  integer: sql`integer`,
};

const POSTGRES: ColumnTypes = {
  id: sql`varchar(36) collate "C"`,
  text: (length) => sql`varchar(${sql.lit(length)}) collate "C"`,
  longText: sql`text collate "C"`,
  bytes: () => sql`bytea`,
  integer: sql`bigint`,
};

const MYSQL: ColumnTypes = {
  id: sql`varchar(36) character set ascii collate ascii_bin`,
  text: (length) => sql`varchar(${sql.lit(length)}) character set utf8mb4 collate utf8mb4_bin`,
  longText: sql`longtext character set utf8mb4 collate utf8mb4_bin`,
  bytes: (length) => sql`varbinary(${sql.lit(length)})`,
  integer: sql`bigint`,
};

const TYPES: Record<DatabaseKind, ColumnTypes> = {
  sqlite: SQLITE,
  postgres: POSTGRES,
  mysql: MYSQL,
};

export function migrationContext(kind: DatabaseKind, db: Kysely<unknown>): MigrationContext {
  return {
    db,
    types: TYPES[kind],
    createTable(name) {
      const table = db.schema.createTable(name).ifNotExists() as CreateTableBuilder<string, never>;
      if (kind === 'sqlite') return table.modifyEnd(sql`strict`);
      return kind === 'mysql' ? table.modifyEnd(sql`engine = InnoDB`) : table;
    },
  };
}
