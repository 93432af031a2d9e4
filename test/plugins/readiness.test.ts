import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';
import { OutcomeUnknown } from '../../src/database/errors.ts';
import { databaseServers, proxiedDatabase } from '../helpers/database-proxy.ts';
import {
  databaseForTest,
  describeOnEachDatabase,
  describeOnEachServer,
  migratedDatabaseForTest,
  type TestDatabase,
} from '../helpers/databases.ts';
import { needing } from '../helpers/needs.ts';
import { serverForTest, type TestServer } from '../helpers/server.ts';
import { allDatabases } from '../helpers/test-databases.ts';

const urlOf = ({ location }: { location: string }) =>
  location.includes('://') ? location : `sqlite:${location}`;

/** A route that writes, in a transaction and outside of one. */
function addWriteRoutes(app: FastifyInstance): void {
  app.get('/write', async () => {
    await sql`update readiness set checked_at = checked_at + 1`.execute(app.database.db);
    return {};
  });
  app.get('/transaction', async () => {
    await app.database.transaction((trx) =>
      sql`update readiness set checked_at = checked_at + 1`.execute(trx),
    );
    return {};
  });
}

async function expectUnavailable({ url }: TestServer): Promise<void> {
  await expect
    .poll(async () => (await fetch(`${url}/health/ready`)).status, { timeout: 5000 })
    .toBe(503);
  for (const path of ['/write', '/transaction', '/health/ready']) {
    const response = await fetch(url + path);
    expect({ path, status: response.status }).toEqual({ path, status: 503 });
    expect(await response.json()).toMatchObject({
      code: 'database_unavailable',
      ...(path === '/health/ready' && { not_ready: ['database'] }),
    });
  }
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
}

async function expectRecovery({ url }: TestServer): Promise<void> {
  await expect
    .poll(async () => (await fetch(`${url}/health/ready`)).status, { timeout: 5000 })
    .toBe(200);
  expect((await fetch(`${url}/transaction`)).status).toBe(200);
}

/** Makes the database refuse writes as it does in trouble, with its own error. */
async function refuseWrites(
  kind: 'postgres' | 'mysql',
  run: (statement: string) => Promise<unknown>,
  code: string,
): Promise<void> {
  if (kind === 'mysql') {
    await run(
      `create trigger trouble before update on readiness for each row signal sqlstate 'HY000' set mysql_errno = ${code}, message_text = 'trouble'`,
    );
    return;
  }
  await run(
    `create function trouble() returns trigger language plpgsql as $$ begin raise exception 'trouble' using errcode = '${code}'; end $$`,
  );
  await run(
    'create trigger trouble before update on readiness for each row execute function trouble()',
  );
}

const TROUBLE = { postgres: ['53100', '58030'], mysql: ['1047', '1290', '1836', '1021', '1114'] };

describeOnEachServer('a server whose $name refuses writes', (kind: TestDatabase) => {
  it('is not ready, answers 503, and heals', async () => {
    const config = await databaseForTest(kind);
    const server = await serverForTest({ DATABASE_URL: urlOf(config) }, addWriteRoutes);
    const dialect = config.kind as 'postgres' | 'mysql';
    const direct = openDatabase<unknown>(config);
    onTestFinished(direct.close);
    const run = (statement: string) => sql.raw(statement).execute(direct.db);
    for (const code of TROUBLE[dialect]) {
      await refuseWrites(dialect, run, code);
      await expectUnavailable(server);
      await run(dialect === 'mysql' ? 'drop trigger trouble' : 'drop function trouble cascade');
      await expectRecovery(server);
    }
  });

  it('is not ready while the database hangs, which it says promptly, to many probes', async () => {
    const { proxy, url } = await proxiedDatabase(kind);
    const server = await serverForTest({ DATABASE_URL: url });
    proxy.hang();
    await setTimeout(1000);
    const probes = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const started = performance.now();
        const { status } = await fetch(`${server.url}/health/ready`);
        return { status, prompt: performance.now() - started < 4000 };
      }),
    );
    expect(probes).toEqual(Array(50).fill({ status: 503, prompt: true }));
    await proxy.mend();
    await expect
      .poll(async () => (await fetch(`${server.url}/health/ready`)).status, { timeout: 5000 })
      .toBe(200);
  });
});

describeOnEachDatabase('readiness', (kind) => {
  it('writes at most once for probes that come together', async () => {
    const { db, check, close } = openDatabase<{ readiness: { checked_at: number } }>(
      await migratedDatabaseForTest(kind),
    );
    onTestFinished(close);
    await sql`update readiness set checked_at = 0`.execute(db);
    await Promise.all(Array.from({ length: 100 }, check));
    const read = () => db.selectFrom('readiness').select('checked_at').executeTakeFirstOrThrow();
    const first = await read();
    expect(Number(first.checked_at)).toBeGreaterThan(0);
    await check();
    expect(await read()).toEqual(first);
  });
});

const postgres = allDatabases.find(({ kind }) => kind === 'postgres')!;
describe('a read-only PostgreSQL', () => {
  it.skipIf(postgres.missing !== undefined)(
    needing('is not ready, and answers 503', postgres.missing),
    async () => {
      const config = await databaseForTest(postgres);
      const server = await serverForTest({ DATABASE_URL: config.location }, addWriteRoutes);
      const direct = openDatabase<unknown>({ ...config, poolSize: 1 });
      onTestFinished(direct.close);
      const name = new URL(config.location).pathname.slice(1);
      const turn = async (state: string) => {
        await sql
          .raw(`alter database ${name} set default_transaction_read_only = ${state}`)
          .execute(direct.db);
        await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name} and pid <> pg_backend_pid()`.execute(
          direct.db,
        );
      };
      await turn('on');
      await expectUnavailable(server);
      await sql`set default_transaction_read_only = off`.execute(direct.db);
      await turn('off');
      await expectRecovery(server);
    },
  );
});

/** A file system of its own, which can be filled. */
function smallDisk(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tally-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder]);
  onTestFinished(() => {
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

describe.skipIf(process.getuid?.() !== 0)(
  'SQLite on a full disk (needs root, to mount one)',
  () => {
    it('is not ready, answers 503 with the reason in the log, and heals when there is space', async () => {
      const folder = smallDisk();
      const server = await serverForTest({ DATABASE_URL: `sqlite:${folder}/tally.db` }, (app) => {
        addWriteRoutes(app);
        app.get('/fill', async () => {
          await app.database.transaction(async (trx) => {
            await sql`create table filler (x blob)`.execute(trx);
            for (let rows = 0; rows < 64; rows++) {
              await sql`insert into filler values (zeroblob(1048576))`.execute(trx);
            }
          });
          return {};
        });
      });
      const full = await fetch(`${server.url}/fill`);
      expect(full.status).toBe(503);
      expect(server.logs()).toContain('SQLITE_FULL');
      expect(server.logs()).not.toContain('no transaction is active');
      await expectRecovery(server);
      const other = new Sqlite(join(folder, 'tally.db'));
      other.pragma('wal_checkpoint(truncate)');
      other.close();
      const ballast = join(folder, 'ballast');
      try {
        writeFileSync(ballast, Buffer.alloc(16 * 2 ** 20));
      } catch {
        // It has taken what there was.
      }
      await expectUnavailable(server);
      rmSync(ballast);
      await expectRecovery(server);
    });
  },
);

describe('a rollback that fails', () => {
  it('does not replace the error that made it necessary', async () => {
    for (const kind of databaseServers) {
      const { proxy, config } = await proxiedDatabase(kind);
      const database = openDatabase<unknown>(config);
      onTestFinished(database.close);
      void proxy.cutAt('rollback', 'before-forwarding');
      const failing = database.transaction(async (trx) => {
        await sql`select 1`.execute(trx);
        throw new Error('the reason');
      });
      await expect(failing).rejects.toThrow('the reason');
      await expect(failing).rejects.not.toBeInstanceOf(OutcomeUnknown);
      await sql`select 1`.execute(database.db);
    }
  });
});
