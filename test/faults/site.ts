import { loadConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/database/database.ts';
import type { AccountTables } from '../../src/features/accounts/tables.ts';
import type { ImageTables } from '../../src/features/images/tables.ts';
import type { ShopTables } from '../../src/features/shop/tables.ts';
import { CHEAP_HASHES } from '../helpers/accounts.ts';
import { SERVER, startServerProcess } from '../helpers/process.ts';

type Tables = AccountTables & ShopTables & ImageTables;

/** A server process that is killed and started again, and a connection to its database past all faults. */
export type Site = Awaited<ReturnType<typeof openSite>>;

/**
 * Starts a server.
 *
 * @param databaseUrl the database as it is reached when nothing is wrong with the way to it.
 * @param environment settings of the server, such as a DATABASE_URL that leads through a proxy.
 */
export async function openSite(databaseUrl: string, environment: Record<string, string> = {}) {
  const settings = {
    ...CHEAP_HASHES,
    DATABASE_URL: databaseUrl,
    DATABASE_TIMEOUT: '2',
    ATTEMPTS_PER_ADDRESS: '1000000',
    REGISTRATIONS_PER_ADDRESS: '1000000',
    ...environment,
  };
  // A fault may keep a server that is started again from being ready.
  const server = await startServerProcess(settings, SERVER, '/health/live');
  const config = loadConfig({ DATABASE_URL: databaseUrl, DATA_DIR: server.dataDir });
  const database = openDatabase<Tables>(config.database);
  return {
    url: server.url,
    dataDir: server.dataDir,
    kind: config.database.kind,
    /** Reads what is stored, past all faults. */
    db: database.db,
    /** The settings of the server, with a database URL that leads past all faults. */
    environment: { ...settings, DATA_DIR: server.dataDir, DATABASE_URL: databaseUrl },
    logs: () => `${server.output.stdout}${server.output.stderr}`,
    /** Id of the latest process. */
    pid: () => server.child.pid!,
    start: server.start,
    end: server.end,
    async close() {
      await database.close();
      await server.close();
    },
  };
}
