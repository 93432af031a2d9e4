import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/database/database.ts';
import type { AccountTables } from '../../src/features/accounts/tables.ts';
import type { ImageTables } from '../../src/features/images/tables.ts';
import type { ShopTables } from '../../src/features/shop/tables.ts';
import { CHEAP_HASHES } from '../helpers/accounts.ts';
import { freePort } from '../helpers/free-port.ts';
import { root } from '../helpers/process.ts';

type Tables = AccountTables & ShopTables & ImageTables;

/** How long a server may take to start, in milliseconds; one may wait for the migrations of another. */
const START_TIMEOUT = 30_000;

/** A server process that is killed and started again, and a connection to its database past all faults. */
export type Site = Awaited<ReturnType<typeof openSite>>;

/**
 * Starts a server.
 *
 * @param databaseUrl the database as it is reached when nothing is wrong with the way to it.
 * @param environment settings of the server, such as a DATABASE_URL that leads through a proxy.
 */
export async function openSite(databaseUrl: string, environment: Record<string, string> = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'tally-faults-'));
  const port = String(await freePort());
  const url = `http://localhost:${port}`;
  const config = loadConfig({ DATABASE_URL: databaseUrl, DATA_DIR: dataDir });
  const database = openDatabase<Tables>(config.database);
  const variables = {
    ...process.env,
    ...CHEAP_HASHES,
    DATABASE_URL: databaseUrl,
    DATABASE_TIMEOUT: '2',
    DATA_DIR: dataDir,
    PORT: port,
    ATTEMPTS_PER_ADDRESS: '1000000',
    REGISTRATIONS_PER_ADDRESS: '1000000',
    ...environment,
  };
  let child: ChildProcess;
  let logs = '';

  async function start(): Promise<void> {
    child = spawn(process.execPath, ['src/server.ts'], {
      cwd: root,
      env: variables,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const output of [child.stdout!, child.stderr!]) {
      output.setEncoding('utf8').on('data', (text) => {
        logs += text;
      });
    }
    const deadline = Date.now() + START_TIMEOUT;
    while (child.exitCode === null && Date.now() < deadline) {
      if (await isLive(url)) return;
      await pause(50);
    }
    throw new Error(`the server did not start: ${logs.slice(-2000)}`);
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    }
    return child.exitCode;
  }

  await start().catch(async (error) => {
    await end('SIGKILL');
    await database.close();
    await rm(dataDir, { recursive: true });
    throw error;
  });

  return {
    url,
    dataDir,
    kind: config.database.kind,
    /** Reads what is stored, on a way that has no faults. */
    db: database.db,
    /** The settings of the server, with a way to the database that has no faults. */
    environment: { ...variables, DATABASE_URL: databaseUrl } as Record<string, string>,
    logs: () => logs,
    get exitCode() {
      return child.exitCode;
    },
    start,
    /** Ends the process at once, as a power cut does. */
    kill: () => end('SIGKILL'),
    /** Ends the process gracefully, and returns its exit code. */
    stop: () => end('SIGTERM'),
    async close() {
      await end('SIGKILL');
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function isLive(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/health/live`).catch(() => undefined);
  return answer?.ok ?? false;
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
