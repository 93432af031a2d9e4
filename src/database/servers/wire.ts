import type { QueryResult } from 'kysely';

/** A connection of a driver, reduced to what the pool needs. */
export interface Wire {
  /** Connects, and configures the session. */
  open(): Promise<void>;
  query<R>(sql: string, parameters: readonly unknown[]): Promise<QueryResult<R>>;
  /** Says goodbye to the server and closes the connection. */
  end(): void;
  /** Closes the connection at once; queries in flight may never settle. */
  destroy(): void;
  /** Calls the listener, perhaps several times, when an idle connection is lost. */
  onLost(listener: () => void): void;
}

export interface ServerOptions {
  url: string;
  /** Most connections at once. */
  poolSize: number;
  /** Longest time of a statement, in milliseconds; 0 is no limit. */
  timeout: number;
}
