import type { QueryResult } from 'kysely';

/** A connection of a driver, in the little that the pool needs of it. */
export interface Wire {
  /** Connects, and sets the session up. */
  open(): Promise<void>;
  query<R>(sql: string, parameters: readonly unknown[]): Promise<QueryResult<R>>;
  /** Says goodbye to the server and closes the connection. */
  end(): void;
  /** Closes the connection at once, whatever it does; what is in flight may never settle. */
  destroy(): void;
  /** Calls the listener when the connection is lost while nobody uses it, perhaps several times. */
  onLost(listener: () => void): void;
}

export interface ServerOptions {
  url: string;
  /** Most connections at once. */
  poolSize: number;
  /** Longest time of a statement, in milliseconds; 0 is no limit. */
  timeout: number;
}
