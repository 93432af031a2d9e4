import pg from 'pg';
import { type Statement, Unsendable } from './wire.ts';

type Callback = (error: Error | undefined, results: pg.QueryResult | pg.QueryResult[]) => void;

/**
 * Sends several statements in one round trip. Only the last message is a Sync, so the server skips all statements behind
 * one that fails: https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
class Batch extends pg.Query {
  readonly #statements: readonly Bound[];

  constructor(statements: readonly Statement[], callback: Callback) {
    super('', callback as never);
    this.#statements = statements.map(({ sql, parameters }) => ({
      sql,
      values: parameters.map(toValue),
    }));
  }

  override submit = (connection: pg.Connection): void => {
    const [first, second] = this.#statements;
    if (second || first!.values.length > 0) send(connection, this.#statements);
    else connection.query(first!.sql);
  };
}

interface Bound {
  sql: string;
  values: (string | Buffer | null)[];
}

function send(connection: pg.Connection, statements: readonly Bound[]): void {
  connection.stream.cork();
  for (const { sql, values } of statements) {
    connection.parse({ name: '', text: sql, types: [] }, true);
    connection.bind({ values }, true);
    connection.describe({ type: 'P' }, true);
    connection.execute(null, true);
  }
  connection.sync();
  connection.stream.uncork();
}

/** Returns the results of all statements, or throws the error of the first that fails. */
export function runBatch(
  client: pg.Client,
  statements: readonly Statement[],
): Promise<pg.QueryResult[]> {
  return new Promise((resolve, reject) => {
    client.query(
      new Batch(statements, (error, results) => {
        if (error) reject(error);
        else resolve(Array.isArray(results) ? results : [results]);
      }),
    );
  });
}

/** Converts a parameter to what the protocol sends: text or bytes. */
function toValue(parameter: unknown): Bound['values'][number] {
  if (parameter === null || parameter === undefined) return null;
  if (parameter instanceof Buffer) return parameter;
  if (typeof parameter === 'object') throw new Unsendable('a statement takes no objects');
  return String(parameter);
}
