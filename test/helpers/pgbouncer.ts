import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { eventually, folderFor, startDaemon } from './daemons.ts';
import { freePort } from './free-port.ts';
import { missingPrograms } from './needs.ts';

const USER = 'postgres';
const PGBOUNCER = '/usr/sbin/pgbouncer';

/** Names what this machine lacks for PgBouncer. */
export const missingPgbouncer = () => missingPrograms(PGBOUNCER);

/**
 * Starts PgBouncer in transaction mode in front of the server of a URL, with few connections to it, and returns the URL
 * through it.
 */
export async function startPgbouncer(target: string, settings: string[] = []) {
  const { hostname, port: targetPort, pathname } = new URL(target);
  const folder = await folderFor(USER);
  const port = await freePort();
  const file = join(folder.path, 'pgbouncer.ini');
  const lines = [
    '[databases]',
    `* = host=${hostname} port=${targetPort || 5432} user=postgres`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    'default_pool_size = 4',
    'max_client_conn = 200',
    ...settings,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  await chmod(file, 0o644);
  const daemon = startDaemon(USER, PGBOUNCER, [file]);
  const close = async () => {
    await daemon.end('SIGKILL');
    await folder.remove();
  };
  const url = `postgres://postgres@127.0.0.1:${port}${pathname}`;
  try {
    await eventually('PgBouncer', async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.end();
    });
  } catch (error) {
    await close();
    throw new Error(`PgBouncer did not start: ${daemon.output}`, { cause: error });
  }
  return { url, close };
}
