import type { CompiledQuery, Kysely, QueryResult } from 'kysely';

/** Runs statements on a connection, or in a transaction. */
export interface Runner {
  run<R>(query: CompiledQuery<R>): Promise<QueryResult<R>>;
  /** Runs statements of a transaction in their order, and none behind one that fails. */
  runAll(queries: readonly CompiledQuery[]): Promise<QueryResult<unknown>[]>;
}

// biome-ignore lint/suspicious/noExplicitAny: of any tables
export type AnyKysely = Kysely<any>;

/** Direct ways to the driver: kysely's own leads through plugins and several promises. */
const runners = new WeakMap<AnyKysely, Runner>();

export function setRunner(db: AnyKysely, runner: Runner): void {
  runners.set(db, runner);
}

/** Returns the shortest way for compiled statements. */
export function runnerOf(db: AnyKysely): Runner {
  return runners.get(db) ?? indirectRunner(db);
}

/** Returns the way through kysely, for an object of kysely that has no runner of ours. */
function indirectRunner(db: AnyKysely): Runner {
  const run = <R>(query: CompiledQuery<R>) => db.executeQuery(query);
  return {
    run,
    async runAll(queries) {
      const results: QueryResult<unknown>[] = [];
      for (const query of queries) results.push(await run(query));
      return results;
    },
  };
}
