import { loadConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/database/database.ts';
import type { AccountTables } from '../../src/features/accounts/tables.ts';
import { CHEAP_HASHES, PASSWORD } from '../helpers/accounts.ts';
import { startServerProcess } from '../helpers/process.ts';
import { memoryOf, processorTimeOf } from '../helpers/process-usage.ts';
import { databases, type TestDatabase } from '../helpers/test-databases.ts';

/** Settings under which limits that are not under attack stay out of the way. */
const ROOMY = {
  ...CHEAP_HASHES,
  ATTEMPTS_PER_ACCOUNT: '1000',
  ATTEMPTS_PER_ADDRESS: '1000000',
  REGISTRATIONS_PER_ADDRESS: '100000',
  LOG_LEVEL: 'trace',
  LOG_FORMAT: 'json',
};

/** Secrets that no log may hold: passwords and their hashes, JWTs, e-mail addresses. */
const SECRETS: readonly RegExp[] = [
  new RegExp(PASSWORD),
  /\$argon2/,
  /eyJ[\w-]{10,}\.eyJ/,
  /@example\.com/,
];

export type Target = Awaited<ReturnType<typeof openTarget>>;

/** Starts the real server in a process of its own, as something to attack. */
export async function openTarget(given: Record<string, string> = {}) {
  const made = given.DATABASE_URL ? undefined : await databaseUnderAttack().create();
  const environment = { ...(made && { DATABASE_URL: made.url }), ...given };
  const server = await startServerProcess({ ...ROOMY, ...environment });
  const { dataDir, url, output } = server;
  const config = loadConfig({ DATA_DIR: dataDir, ...environment });
  const database = openDatabase<AccountTables>(config.database);
  const secrets = new Set<string>();

  return {
    url,
    dataDir,
    databaseUrl: environment.DATABASE_URL!,
    db: database.db,
    /** Adds a text that the log must not hold. */
    keepSecret: (secret: string) => void secrets.add(secret),
    isAlive: () => server.child.exitCode === null && server.child.signalCode === null,
    /** Processor time that the process has used, in all of its threads, in milliseconds. */
    cpu: () => processorTimeOf(server),
    /** Resident memory, in bytes. */
    memory: () => memoryOf(server).now,
    output,
    /** Lines of the log that hold a secret, shortened. */
    leaks() {
      const found = (line: string) =>
        SECRETS.some((secret) => secret.test(line)) ||
        [...secrets].some((secret) => line.includes(secret));
      const lines = `${output.stdout}${output.stderr}`.split('\n');
      return lines.filter(found).map((line) => line.slice(0, 200));
    },
    async close() {
      await database.close();
      await server.close();
      await made?.drop();
    },
  };
}

/** The database that ATTACK_DATABASE names. */
function databaseUnderAttack(): TestDatabase {
  const index = ['sqlite', 'postgres', 'mysql'].indexOf(process.env.ATTACK_DATABASE ?? 'sqlite');
  const database = databases[index];
  if (!database)
    throw new Error('set TEST_POSTGRES_URL and TEST_MYSQL_URL to attack their servers');
  return database;
}

/** A problem that an attack has revealed. Attacks return them; none is the goal. */
export type Finding = string;
