import { Socket } from 'node:net';
import type { QueryResult, TransactionSettings } from 'kysely';
import pg from 'pg';
import { NotWritable } from '../errors.ts';
import { runBatch } from './postgres-batch.ts';
import type { Statement, Wire, WireFactory, WireOptions } from './wire.ts';

/** Facts about a host that all connections to it share. */
interface HostTraits {
  /** True behind a pooler that gives each transaction another session, such as PgBouncer. */
  pooled: boolean;
}

export const postgresWire: WireFactory = (options) => {
  const traits: HostTraits = { pooled: false };
  return () => new PostgresWire(options, traits);
};

class PostgresWire implements Wire {
  readonly batches = true;
  readonly #options: WireOptions;
  readonly #traits: HostTraits;
  readonly #lost: (() => void)[] = [];
  #socket = new Socket();
  #client: pg.Client | undefined;
  /** Set after a commit that PostgreSQL reports as done although its synchronous standby may not have it. */
  #unreplicated: Error | undefined;

  constructor(options: WireOptions, traits: HostTraits) {
    this.#options = options;
    this.#traits = traits;
  }

  async open(): Promise<void> {
    try {
      await this.#connect();
    } catch (error) {
      if (!refusesParameters(error)) throw error;
      this.#traits.pooled = true;
      this.#socket.destroy();
      this.#socket = new Socket();
      await this.#connect();
    }
    await this.check();
  }

  async check(): Promise<void> {
    const { rows } = await this.#client!.query<ServerState>(SERVER_STATE);
    const { standby, read_only, unlimited } = rows[0]!;
    // A pooler may also ignore the parameters that it does not know.
    if (unlimited !== (this.#options.timeout === 0)) this.#traits.pooled = true;
    if (this.#options.mustWrite && standby) throw new NotWritable('it is a standby');
    if (this.#options.mustWrite && read_only) throw new NotWritable('it is read-only');
  }

  async run(statements: readonly Statement[]): Promise<QueryResult<unknown>[]> {
    const results = await runBatch(this.#client!, statements);
    if (this.#unreplicated) throw this.#unreplicated;
    // PostgreSQL answers COMMIT with ROLLBACK after an error in the transaction.
    if (statements[0]!.sql === 'commit' && results[0]!.command === 'ROLLBACK') {
      throw new Error('the transaction was rolled back, because one of its statements had failed');
    }
    return results.map(toQueryResult);
  }

  begin({ isolationLevel, accessMode }: TransactionSettings): string[] {
    const modes = [isolationLevel && `isolation level ${isolationLevel}`, accessMode];
    const begin = ['begin', modes.filter(Boolean).join(', ')].join(' ').trim();
    if (!this.#traits.pooled) return [begin];
    const limits = Object.entries(this.#limits()).map(([name, ms]) => `set local ${name} = ${ms}`);
    return [begin, ...limits];
  }

  end(): void {
    void this.#client?.end().catch(() => undefined);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  onLost(listener: () => void): void {
    this.#lost.push(listener);
  }

  async #connect(): Promise<void> {
    const socket = this.#socket;
    const client = new pg.Client({
      connectionString: nameTlsMode(this.#options.url),
      keepAlive: true,
      stream: () => socket,
      // As parameters of the start, they cost no statement; a pooler would give them to no or to another session.
      ...(!this.#traits.pooled && (this.#limits() as object)),
      types: { getTypeParser },
    });
    this.#client = client;
    const lost = () => {
      if (this.#client !== client) return;
      for (const listener of this.#lost) listener();
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notice', (notice) => {
      if (notice.routine === 'SyncRepWaitForLSN') this.#unreplicated = unreplicated(notice);
    });
    await client.connect();
  }

  /** The time limits of a session, in milliseconds; as texts, because the driver leaves out the number 0. */
  #limits(): Record<string, string> {
    const limit = String(this.#options.timeout);
    return { statement_timeout: limit, idle_in_transaction_session_timeout: limit };
  }
}

/** Calls the modes of TLS that the driver takes for `verify-full` by that name, because it warns of their own. */
const nameTlsMode = (url: string) =>
  url.includes('uselibpqcompat=true')
    ? url
    : url.replace(/(?<=[?&]sslmode=)(prefer|require|verify-ca)(?=&|$)/, 'verify-full');

/** Tells whether a pooler has refused parameters of the start of a session. */
const refusesParameters = (error: unknown) =>
  error instanceof pg.DatabaseError && /unsupported startup parameter/.test(error.message);

/** The code is that of "statement completion unknown". */
const unreplicated = (cause: unknown) =>
  Object.assign(new Error('the commit may not have reached a standby', { cause }), {
    code: '40003',
  });

interface ServerState {
  standby: boolean;
  read_only: boolean;
  unlimited: boolean;
}

const SERVER_STATE = `select pg_is_in_recovery() as standby,
  current_setting('transaction_read_only') = 'on' as read_only,
  current_setting('statement_timeout') = '0' as unlimited`;

const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

function toQueryResult({ command, rowCount, rows }: pg.QueryResult): QueryResult<unknown> {
  return {
    rows: rows ?? [],
    ...(CHANGES.has(command) && { numAffectedRows: BigInt(rowCount ?? 0) }),
  };
}

const INT8 = 20;

/** Reads 64-bit integers as numbers: times and amounts are below 2^53. */
const getTypeParser = ((oid: number, format: 'text') =>
  oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser;
