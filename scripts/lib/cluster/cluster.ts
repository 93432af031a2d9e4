import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  root,
  SERVER,
  type ServerProcess,
  startServerProcess,
} from '../../../test/helpers/process.ts';
import { type Administrator, createAdministrator } from '../administrator.ts';
import { DEFAULT_SETTINGS } from '../default-settings.ts';
import { prepareNginx, startNginx } from './nginx.ts';
import { type Site, startPostgres, startRedis, startS3 } from './services.ts';

/** Two servers behind a proxy. */
export interface Cluster {
  url: string;
  /** Path of the certificate of the proxy. */
  certificate: string;
  /** Path of a file with that certificate and the authorities that this machine trusts. */
  authorities: string;
  administrator: Administrator;
  replicas: ServerProcess[];
  /** Folder with all data and logs. */
  folder: string;
}

const REPLICAS = 2;

/** Starts a cluster. The stack ends it, also where it did not start. */
export async function startCluster(everything: AsyncDisposableStack): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-cluster-'));
  everything.defer(() => rm(folder, { recursive: true, force: true }));
  const site = { folder, everything };
  const nginx = await prepareNginx(site);
  tell('starting PostgreSQL, Redis and S3');
  const [database, redis, s3, signingKeys, linkKeys] = await Promise.all([
    startPostgres(site),
    startRedis(site),
    startS3(site),
    printKeys('rotate-keys'),
    printKeys('rotate-link-keys'),
  ]);
  const environment = {
    ...DEFAULT_SETTINGS,
    DATABASE_URL: database,
    REDIS_URL: redis,
    STORAGE_URL: s3,
    SIGNING_KEYS: signingKeys,
    LINK_KEYS: linkKeys,
    PUBLIC_URL: nginx.url,
    TRUST_PROXY: 'loopback',
    LOG_LEVEL: 'warn',
  };
  const replicas: ServerProcess[] = [];
  for (let number = 1; number <= REPLICAS; number++) {
    tell(`starting server ${number} of ${REPLICAS}`);
    replicas.push(await startReplica(site, `server-${number}`, environment));
  }
  tell('starting nginx');
  await startNginx(
    site,
    nginx,
    replicas.map(({ port }) => port),
  );
  const administrator = await createAdministrator({ ...environment, DATA_DIR: folder });
  const authorities = await writeAuthorities(folder, nginx.certificate);
  return { ...nginx, authorities, administrator, replicas, folder };
}

/** Shows progress where it does not mix with the output of a command. */
function tell(step: string): void {
  process.stderr.write(`scripts/cluster: ${step} ...\n`);
}

/** Programs that read such a file trust nothing else, and a command may also call other servers. */
async function writeAuthorities(folder: string, certificate: string): Promise<string> {
  const known = process.env.SSL_CERT_FILE ?? '/etc/ssl/certs/ca-certificates.crt';
  const path = join(folder, 'authorities.pem');
  const others = await readFile(known, 'utf8').catch(() => '');
  await writeFile(path, `${await readFile(certificate, 'utf8')}${others}`);
  return path;
}

async function printKeys(command: string): Promise<string> {
  const program = ['src/commands/tally.ts', command, '--print'];
  const { stdout } = await promisify(execFile)(process.execPath, program, { cwd: root });
  return stdout.trim();
}

async function startReplica(
  { folder, everything }: Site,
  name: string,
  environment: Record<string, string>,
): Promise<ServerProcess> {
  const settings = { ...environment, DATA_DIR: join(folder, name) };
  const replica = await startServerProcess(settings, ['setpriv', '--pdeathsig=TERM', ...SERVER]);
  everything.defer(async () => {
    await replica.end('SIGTERM');
    await replica.close();
  });
  const log = createWriteStream(join(folder, `${name}.log`));
  replica.child.stdout!.pipe(log, { end: false });
  replica.child.stderr!.pipe(log, { end: false });
  return replica;
}
