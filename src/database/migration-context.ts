import {
  type ColumnDefinitionBuilder,
  type CreateTableBuilder,
  type Insertable,
  type Kysely,
  type RawBuilder,
  sql,
} from 'kysely';
import type { DatabaseKind } from './database.ts';

/**
 * Migrations by name: `<number>-<feature>`. They run once each, in the order of their names; one that has been
 * released never changes, and a new one takes a number above all others. A database is never migrated down.
 *
 * MariaDB keeps the statements of a migration that failed, so each statement must be safe to repeat.
 */
export type Migrations = Readonly<Record<string, (context: MigrationContext) => Promise<void>>>;

export interface MigrationContext {
  db: Kysely<unknown>;
  /** The types of columns, in the dialect of this database. */
  types: ColumnTypes;
  /** Builds a table, in a storage engine with transactions, unless it exists. */
  createTable(name: string): CreateTableBuilder<string, never>;
  /** Inserts the rows whose `key` no row has yet. */
  insertMissing<Tables, Name extends keyof Tables & string>(
    table: Name,
    key: keyof Insertable<Tables[Name]> & string,
    rows: readonly Insertable<Tables[Name]>[],
  ): Promise<void>;
}

export const primary = (column: ColumnDefinitionBuilder) => column.primaryKey();
export const required = (column: ColumnDefinitionBuilder) => column.notNull();

/** Column types of one database. Text is compared byte by byte on all of them. */
interface ColumnTypes {
  /** A UUID. */
  id: RawBuilder<unknown>;
  /** At most `length` characters; at most 512 if indexed. */
  text(length: number): RawBuilder<unknown>;
  /** Text of any length, which cannot be indexed. */
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
    async insertMissing(table: string, key: string, rows: readonly object[]) {
      const tables = db as Kysely<Record<string, Record<string, unknown>>>;
      for (const row of rows as readonly Record<string, unknown>[]) {
        const found = tables.selectFrom(table).selectAll().where(key, '=', row[key]);
        if ((await found.execute()).length > 0) continue;
        await tables.insertInto(table).values(row).execute();
      }
    },
  };
}
