import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/database/database.ts';
import { DatabaseUnavailable } from '../../src/database/errors.ts';
import { listMigrations, migrate } from '../../src/database/migrate.ts';
import { migrations } from '../../src/migrations.ts';
import type { TestDatabase } from '../helpers/databases.ts';
import { needing } from '../helpers/needs.ts';
import { missingPgbouncer, startPgbouncer } from '../helpers/pgbouncer.ts';
import { itAgreesInRaces } from '../helpers/races.ts';
import { replicasOn } from '../helpers/replicas.ts';
import { allDatabases } from '../helpers/test-databases.ts';

const postgres = allDatabases.find(({ kind }) => kind === 'postgres')!;
const missing = postgres.missing ?? missingPgbouncer();

/** A new database of PostgreSQL behind a PgBouncer of its own. */
function behindPgbouncer(settings: string[] = []): TestDatabase {
  return {
    name: 'PgBouncer',
    kind: 'postgres',
    async create() {
      const { url: direct, drop } = await postgres.create();
      const pooler = await startPgbouncer(direct, settings);
      return {
        url: pooler.url,
        async drop() {
          await pooler.close();
          await drop();
        },
      };
    },
  };
}

async function configForTest(database: TestDatabase) {
  const { url, drop } = await database.create();
  onTestFinished(drop);
  return loadConfig({ DATABASE_URL: url }).database;
}

describe.skipIf(missing)(needing('two servers behind PgBouncer', missing), () => {
  itAgreesInRaces(replicasOn(behindPgbouncer(), 2));
});

const poolers = [
  { title: 'that refuses parameters', settings: [] },
  {
    title: 'that ignores parameters',
    settings: ['ignore_startup_parameters = statement_timeout,idle_in_transaction_session_timeout'],
  },
];

describe.for(poolers)('PgBouncer $title', ({ settings }) => {
  it.skipIf(missing)(
    needing('leaves the time limits of transactions to them', missing),
    async () => {
      const config = await configForTest(behindPgbouncer(settings));
      const database = openDatabase<unknown>({ ...config, timeout: 500 });
      onTestFinished(() => database.close());
      const slow = database.transaction((trx) => sql`select pg_sleep(5)`.execute(trx));
      const started = performance.now();
      await expect(slow).rejects.toThrow(DatabaseUnavailable);
      expect(performance.now() - started).toBeLessThan(2000);
      const idle = database.transaction(async (trx) => {
        await sql`select 1`.execute(trx);
        await setTimeout(1500);
        await sql`select 1`.execute(trx);
      });
      await expect(idle).rejects.toThrow(DatabaseUnavailable);
      const { rows } = await sql`show statement_timeout`.execute(database.db);
      expect(rows).toEqual([{ statement_timeout: '0' }]);
    },
  );

  it.skipIf(missing)(needing('runs migrations once', missing), async () => {
    const config = await configForTest(behindPgbouncer(settings));
    const runs = await Promise.all(Array.from({ length: 6 }, () => migrate(config, migrations)));
    expect(runs.flat().toSorted()).toEqual(Object.keys(migrations).toSorted());
    expect(await listMigrations(config, migrations)).toHaveLength(runs.flat().length);
  });
});
