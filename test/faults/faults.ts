import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import type { DatabaseKind } from '../../src/database/database.ts';
import { startDatabaseProxy } from '../helpers/database-proxy.ts';
import { type CutMoment, startTcpProxy, type TcpProxy } from '../helpers/tcp-proxy.ts';
import type { Site } from './site.ts';

/** One kind of bad day. */
export interface Fault {
  name: string;
  databases: readonly DatabaseKind[];
  /** Says what this machine lacks for it. */
  missing?: () => string | undefined;
  /** Prepares what the server is started with. */
  prepare(databaseUrl: string): Promise<Prepared>;
}

interface Prepared {
  /** The database past all faults, where it is not the one that was given. */
  databaseUrl?: string;
  /** Settings of the server. */
  environment?: Record<string, string>;
  /** Lets it happen, and mends it. */
  strike(site: Site): Promise<void>;
  close?(): Promise<void>;
}

const SERVERS: readonly DatabaseKind[] = ['postgres', 'mysql'];
const ALL: readonly DatabaseKind[] = ['sqlite', ...SERVERS];
const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';

/** Connections that break at each strike on a statement. */
const CUTS = 5;

const isRoot = () => (process.getuid?.() === 0 ? undefined : 'root');

/** A fault on the way to a database server. */
const onTheWay = (name: string, strike: (proxy: TcpProxy) => Promise<void>): Fault => ({
  name,
  databases: SERVERS,
  async prepare(databaseUrl) {
    const { proxy, url } = await startDatabaseProxy(databaseUrl);
    return {
      environment: { DATABASE_URL: url },
      strike: () => strike(proxy),
      close: () => proxy.close(),
    };
  },
});

/** A fault on the way to S3. */
const onTheWayToS3 = (name: string, strike: (proxy: TcpProxy) => Promise<void>): Fault => ({
  name,
  databases: ['sqlite'],
  missing: () => (process.env.TEST_S3_URL ? undefined : 'S3 at TEST_S3_URL'),
  async prepare() {
    const { s3Url } = await import('../helpers/storages.ts');
    const url = new URL(await s3Url());
    const endpoint = new URL(url.searchParams.get('endpoint')!);
    const proxy = await startTcpProxy(endpoint.hostname, Number(endpoint.port));
    endpoint.port = String(proxy.port);
    url.searchParams.set('endpoint', endpoint.href);
    return {
      environment: { STORAGE_URL: url.href },
      strike: () => strike(proxy),
      close: () => proxy.close(),
    };
  },
});

async function cut(proxy: TcpProxy): Promise<void> {
  await proxy.cut();
  await pause(500 + Math.random() * 1000);
  await proxy.mend();
}

async function hang(proxy: TcpProxy): Promise<void> {
  proxy.hang();
  await pause(5000);
  await proxy.mend();
}

/** A fail-over that leaves the clients with dead connections. */
async function failOver(proxy: TcpProxy): Promise<void> {
  proxy.hang();
  await pause(1000);
  proxy.forget();
  await proxy.mend();
}

async function slow(proxy: TcpProxy): Promise<void> {
  proxy.slow(30);
  await pause(2000);
  await proxy.mend();
}

/** Errors of a standby after a fail-over, while clients still hold connections to it. */
async function readOnlyPostgres(databaseUrl: string): Promise<Prepared> {
  const name = new URL(databaseUrl).pathname.slice(1);
  const administer = async (statement: string) => {
    const client = new pg.Client({ connectionString: process.env.TEST_POSTGRES_URL });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  const set = async (value: 'on' | 'off') => {
    await administer(`alter database ${name} set default_transaction_read_only = ${value}`);
    await administer(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and application_name = ''`,
    );
  };
  return {
    async strike() {
      await set('on');
      await pause(1500);
      await set('off');
    },
  };
}

/** The whole server becomes read-only, for all but its administrators, as whom other tests connect. */
async function readOnlyMariadb(databaseUrl: string): Promise<Prepared> {
  const url = new URL(databaseUrl);
  const name = url.pathname.slice(1);
  const administer = async (...statements: string[]) => {
    const connection = await createConnection(process.env.TEST_MYSQL_URL!);
    for (const statement of statements) await connection.query(statement);
    await connection.end();
  };
  await administer(
    `create user ${name}@'%' identified by 'secret'`,
    `grant all on ${name}.* to ${name}@'%'`,
  );
  url.username = name;
  url.password = 'secret';
  return {
    environment: { DATABASE_URL: url.href },
    async strike() {
      await administer('set global read_only = 1');
      await pause(1500);
      await administer('set global read_only = 0');
    },
    close: () => administer('set global read_only = 0', `drop user ${name}@'%'`),
  };
}

/** Breaks some connections at a statement. */
const cutAt = (statement: string, moment: CutMoment) => (proxy: TcpProxy) =>
  proxy.cutAt(statement, moment, { times: CUTS });

export const faults: Fault[] = [
  {
    name: 'kill -9 at random moments',
    databases: ALL,
    prepare: async () => ({
      async strike(site) {
        await pause(Math.random() * 300);
        await site.end('SIGKILL');
        await site.start();
      },
    }),
  },
  onTheWay('a database that is cut off', cut),
  onTheWay('a database that hangs', hang),
  onTheWay('a database that is slow', slow),
  onTheWay('a database that fails over', failOver),
  onTheWay('connections that break before BEGIN is answered', cutAt('begin', 'before-answer')),
  onTheWay('connections that break before COMMIT arrives', cutAt('commit', 'before-forwarding')),
  onTheWay('connections that break before COMMIT is answered', cutAt('commit', 'before-answer')),
  {
    name: 'a disk that is full',
    databases: ['sqlite'],
    missing: isRoot,
    async prepare() {
      const disk = await mkdtemp(join(tmpdir(), 'tally-disk-'));
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk]);
      const databaseUrl = `sqlite:${join(disk, 'tally.db')}`;
      const filler = join(disk, 'filler');
      return {
        databaseUrl,
        environment: { STORAGE_URL: `file:${join(disk, 'files')}` },
        async strike() {
          // What is written until nothing more fits.
          await writeFile(filler, Buffer.alloc(64 << 20)).catch(() => undefined);
          await pause(1000);
          await rm(filler);
        },
        async close() {
          execFileSync('umount', [disk]);
          await rm(disk, { recursive: true });
        },
      };
    },
  },
  {
    name: 'a database that only reads',
    databases: SERVERS,
    prepare: (databaseUrl) =>
      databaseUrl.startsWith('postgres')
        ? readOnlyPostgres(databaseUrl)
        : readOnlyMariadb(databaseUrl),
  },
  {
    name: 'a clock that steps',
    databases: ['sqlite'],
    missing: () => (existsSync(FAKETIME) ? undefined : 'faketime'),
    async prepare() {
      const folder = await mkdtemp(join(tmpdir(), 'tally-clock-'));
      const clock = join(folder, 'clock');
      await writeFile(clock, '+0');
      return {
        environment: {
          LD_PRELOAD: FAKETIME,
          FAKETIME_TIMESTAMP_FILE: clock,
          FAKETIME_NO_CACHE: '1',
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
        },
        async strike() {
          for (const step of ['+1200', '-1200', '+0']) {
            await writeFile(clock, step);
            await pause(700);
          }
        },
        close: () => rm(folder, { recursive: true }),
      };
    },
  },
  onTheWayToS3('an S3 server that is cut off', cut),
  onTheWayToS3('an S3 server that hangs', hang),
];
