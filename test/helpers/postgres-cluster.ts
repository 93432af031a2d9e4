import { globSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { type Daemon, eventually, folderFor, runAs, startDaemon } from './daemons.ts';
import { freePort } from './free-port.ts';
import { missingPrograms } from './needs.ts';

const USER = 'postgres';
const bin = globSync('/usr/lib/postgresql/*/bin').at(-1);
const program = (name: string) => join(bin!, name);

/** Names what this machine lacks for a cluster of PostgreSQL. */
export const missingPostgres = () =>
  missingPrograms(bin && program('initdb'), bin && program('pg_basebackup'));

export interface PostgresNode {
  readonly port: number;
  /** URL of a database on this node. */
  url(database?: string): string;
  query<R = Record<string, unknown>>(sql: string, database?: string): Promise<R[]>;
  /** Makes a standby a primary. */
  promote(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a PostgreSQL of its own; `settings` as `name=value`. */
export async function startPrimary(settings: string[] = []): Promise<PostgresNode> {
  const folder = await folderFor(USER);
  const data = join(folder.path, 'data');
  runAs(USER, program('initdb'), [
    '-D',
    data,
    '-U',
    USER,
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--no-sync',
  ]);
  return startNode(folder, settings);
}

/** Starts a streaming standby of a primary. */
export async function startStandby(primary: PostgresNode): Promise<PostgresNode> {
  const folder = await folderFor(USER);
  const source = `host=127.0.0.1 port=${primary.port} user=${USER} application_name=standby`;
  const data = join(folder.path, 'data');
  runAs(USER, program('pg_basebackup'), [
    '-D',
    data,
    '-d',
    source,
    '-R',
    '-c',
    'fast',
    '--no-sync',
  ]);
  return startNode(folder, []);
}

async function startNode(
  folder: Awaited<ReturnType<typeof folderFor>>,
  settings: string[],
): Promise<PostgresNode> {
  const port = await freePort();
  const all = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    // The tests kill processes, not the machine.
    'fsync=off',
    ...settings,
  ];
  const args = ['-D', join(folder.path, 'data'), ...all.flatMap((setting) => ['-c', setting])];
  const daemon: Daemon = startDaemon(USER, program('postgres'), args);
  const url = (database = 'postgres') => `postgres://${USER}@127.0.0.1:${port}/${database}`;
  async function query<R>(sql: string, database?: string): Promise<R[]> {
    const client = new pg.Client({ connectionString: url(database) });
    client.on('error', () => undefined);
    await client.connect();
    return client
      .query(sql)
      .then(({ rows }) => rows as R[])
      .finally(() => client.end());
  }
  const close = async () => {
    // Unlike SIGKILL, it leaves no shared memory behind.
    await daemon.end('SIGQUIT');
    await folder.remove();
  };
  try {
    await eventually(`PostgreSQL on port ${port}`, async () => {
      if (daemon.running) await query('select 1');
    });
    if (!daemon.running) throw new Error(`PostgreSQL did not start: ${daemon.output}`);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    port,
    url,
    query,
    promote: async () => void (await query('select pg_promote(true, 60)')),
    signal: daemon.signal,
    kill: () => daemon.end('SIGKILL'),
    close,
  };
}
