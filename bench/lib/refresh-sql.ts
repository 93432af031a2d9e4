import { hash, randomBytes } from 'node:crypto';
import Sqlite from 'better-sqlite3';
import mysql from 'mysql2/promise';
import pg from 'pg';

/** The statements of a refresh, straight through the driver. */
export interface RefreshSql {
  refresh(worker: number): Promise<void>;
  close(): Promise<void>;
}

const SELECT = `select sessions.*, refresh_tokens.used_at as token_used_at, accounts.username, accounts.role, accounts.disabled_at
  from refresh_tokens
  join sessions on sessions.id = refresh_tokens.session_id
  join accounts on accounts.id = sessions.account_id
  where refresh_tokens.hash = ?`;
const TOUCH = 'update sessions set used_at = ? where id = ?';
const SPEND = 'update refresh_tokens set used_at = ? where hash = ? and used_at is null';
const ADD =
  'insert into refresh_tokens (hash, session_id, parent_hash, used_at) values (?, ?, ?, null)';
const ANY = 'select session_id, hash from refresh_tokens where used_at is null limit 8';

/** Takes the sessions that are there, one for each worker. */
export async function openRefreshSql(url: string, workers: number): Promise<RefreshSql> {
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length));
  return url.startsWith('postgres') ? openPostgres(url, workers) : openMysql(url, workers);
}

const newHash = () => hash('sha256', randomBytes(32).toString('base64url'), 'buffer');

interface Token {
  session_id: string;
  hash: Buffer;
}

function openSqlite(path: string): RefreshSql {
  const database = new Sqlite(path);
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  const tokens = database.prepare(ANY).all() as Token[];
  const [select, touch, spend, add] = [SELECT, TOUCH, SPEND, ADD].map((sql) =>
    database.prepare(sql),
  );
  const change = database.transaction((session: string, old: Buffer, next: Buffer) => {
    touch!.run(Date.now(), session);
    spend!.run(Date.now(), old);
    add!.run(next, session, old);
  });
  return {
    async refresh(worker) {
      const token = tokens[worker % tokens.length]!;
      const next = newHash();
      select!.get(token.hash);
      change.immediate(token.session_id, token.hash, next);
      token.hash = next;
    },
    close: async () => void database.close(),
  };
}

async function openPostgres(url: string, workers: number): Promise<RefreshSql> {
  const pool = new pg.Pool({ connectionString: url, max: workers });
  const { rows } = await pool.query<Token>(ANY);
  const numbered = (sql: string) => {
    let index = 0;
    return sql.replaceAll('?', () => `$${++index}`);
  };
  const [select, touch, spend, add] = [SELECT, TOUCH, SPEND, ADD].map(numbered);
  return {
    async refresh(worker) {
      const token = rows[worker % rows.length]!;
      const next = newHash();
      await pool.query(select!, [token.hash]);
      const client = await pool.connect();
      await client.query('begin');
      await client.query(touch!, [Date.now(), token.session_id]);
      await client.query(spend!, [Date.now(), token.hash]);
      await client.query(add!, [next, token.session_id, token.hash]);
      await client.query('commit');
      client.release();
      token.hash = next;
    },
    close: () => pool.end(),
  };
}

async function openMysql(url: string, workers: number): Promise<RefreshSql> {
  const pool = mysql.createPool({
    uri: url.replace(/^mariadb:/, 'mysql:'),
    connectionLimit: workers,
  });
  const [rows] = (await pool.query(ANY)) as unknown as [Token[]];
  return {
    async refresh(worker) {
      const token = rows[worker % rows.length]!;
      const next = newHash();
      await pool.query(SELECT, [token.hash]);
      const connection = await pool.getConnection();
      await connection.query('begin');
      await connection.query(TOUCH, [Date.now(), token.session_id]);
      await connection.query(SPEND, [Date.now(), token.hash]);
      await connection.query(ADD, [next, token.session_id, token.hash]);
      await connection.query('commit');
      connection.release();
      token.hash = next;
    },
    close: () => pool.end(),
  };
}
