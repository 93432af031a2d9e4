import type { CompiledQuery, QueryResult, TransactionSettings } from 'kysely';

export type Statement = Pick<CompiledQuery, 'sql' | 'parameters'>;

/** A statement has a parameter that cannot be sent. */
export class Unsendable extends TypeError {}

/** A connection of a driver, reduced to what the pool needs. */
export interface Wire {
  /** Connects, configures the session, and checks the server as {@link check} does. */
  open(): Promise<void>;
  /** @throws {NotWritable} if the server answers, but must accept writes and does not */
  check(): Promise<void>;
  /** True if it sends several statements in one round trip. */
  readonly batches: boolean;
  /**
   * Runs statements in their order, and none behind one that fails.
   *
   * @throws {Unsendable} before anything is sent
   */
  run(statements: readonly Statement[]): Promise<QueryResult<unknown>[]>;
  /** Returns the statements that begin a transaction. */
  begin(settings: TransactionSettings): string[];
  /** Says goodbye to the server and closes the connection. */
  end(): void;
  /** Closes the connection at once; queries in flight may never settle. */
  destroy(): void;
  /** Calls the listener, perhaps several times, when an idle connection is lost. */
  onLost(listener: () => void): void;
}

export interface ServerOptions {
  /** May name several hosts. */
  url: string;
  /** Most connections at once. */
  poolSize: number;
  /** Longest time of a statement, in milliseconds; 0 is no limit. */
  timeout: number;
}

/** Options of the connections to one host. */
export interface WireOptions {
  url: string;
  timeout: number;
  /** True if a server that accepts no writes is of no use, because another host may take its place. */
  mustWrite: boolean;
}

/** Creates connections to one host, which share what they learn about it. */
export type WireFactory = (options: WireOptions) => () => Wire;
