import { type RawBuilder, sql } from 'kysely';
import type { DatabaseKind } from './database.ts';

const NOW: Record<DatabaseKind, RawBuilder<number>> = {
  sqlite: sql`cast(unixepoch('subsec') * 1000 as integer)`,
  postgres: sql`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`,
  mysql: sql`cast(unix_timestamp(now(3)) * 1000 as signed)`,
};

/** The time by the clock of the database, in milliseconds since 1970: the same clock for all processes. */
export function databaseNow(kind: DatabaseKind): RawBuilder<number> {
  return NOW[kind];
}
