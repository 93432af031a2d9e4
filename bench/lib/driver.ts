import Sqlite from 'better-sqlite3';
import mysql from 'mysql2/promise';
import pg from 'pg';

type Run = (statement: string, parameters: unknown[]) => Promise<unknown[]>;

/** A database without anything in between: statements with `?`, as its driver takes them. */
export interface Driver {
  run: Run;
  transaction(work: (run: Run) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** The server's default number of connections. */
const CONNECTIONS = 10;

export function openDriver(url: string): Driver {
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length));
  return url.startsWith('postgres') ? openPostgres(url) : openMysql(url);
}

function openSqlite(path: string): Driver {
  const database = new Sqlite(path);
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  const prepared = new Map<string, Sqlite.Statement>();
  const runNow = (text: string, parameters: unknown[]): unknown[] => {
    const statement = prepared.get(text) ?? database.prepare(text);
    prepared.set(text, statement);
    if (statement.reader) return statement.all(parameters);
    statement.run(parameters);
    return [];
  };
  const run: Run = async (text, parameters) => runNow(text, parameters);
  // One connection: whoever has begun goes on to the end.
  let last: Promise<void> = Promise.resolve();
  return {
    run,
    transaction(work) {
      last = last.then(async () => {
        database.exec('begin immediate');
        await work(run);
        database.exec('commit');
      });
      return last;
    },
    close: async () => void database.close(),
  };
}

function openPostgres(url: string): Driver {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
  const texts = new Map<string, string>();
  const numbered = (text: string) => {
    let count = 0;
    const known = texts.get(text) ?? text.replaceAll('?', () => `$${++count}`);
    texts.set(text, known);
    return known;
  };
  const runOn =
    (client: pg.Pool | pg.PoolClient): Run =>
    async (text, parameters) =>
      (await client.query(numbered(text), parameters)).rows;
  return {
    run: runOn(pool),
    async transaction(work) {
      const client = await pool.connect();
      await client.query('begin');
      await work(runOn(client));
      await client.query('commit');
      client.release();
    },
    close: () => pool.end(),
  };
}

function openMysql(url: string): Driver {
  const pool = mysql.createPool({
    uri: url.replace(/^mariadb:/, 'mysql:'),
    connectionLimit: CONNECTIONS,
  });
  const runOn =
    (client: mysql.Pool | mysql.PoolConnection): Run =>
    async (text, parameters) =>
      (await client.query(text, parameters))[0] as unknown[];
  return {
    run: runOn(pool),
    async transaction(work) {
      const client = await pool.getConnection();
      await client.query('begin');
      await work(runOn(client));
      await client.query('commit');
      client.release();
    },
    close: () => pool.end(),
  };
}
