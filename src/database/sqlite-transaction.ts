import type { CompiledQuery, QueryResult } from 'kysely';

/** A transaction or a snapshot that has begun. */
export interface SqliteTransaction {
  run<R>(query: CompiledQuery): QueryResult<R>;
  commit(): Promise<void>;
  /**
   * Undoes it, unless it has ended. Waits for the commit of those whose changes it may have seen.
   *
   * @throws {SharedCommitFailed} if these are undone, too
   */
  rollback(): Promise<void>;
  /** Closes the connection, whose state is in doubt, unless it has ended. */
  discard(): void;
}
