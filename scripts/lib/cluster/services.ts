import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../../test/helpers/free-port.ts';
import { root } from '../../../test/helpers/process.ts';
import { createBucket } from '../../../test/helpers/s3-bucket.ts';
import { findPostgres, pathWithSystemFolders } from './packages.ts';

const START_TIMEOUT_MS = 60_000;
/** Swift listens on this many ports in a row. */
const SWIFT_PORTS = 5;
const run = promisify(execFile);

/** The folder for the data and the logs of services, and what ends them. */
export interface Site {
  folder: string;
  everything: AsyncDisposableStack;
}

interface Service {
  name: string;
  command: string[];
  /** Returns true when it can be used, from its output so far. */
  isReady(output: string): Promise<boolean> | boolean;
  /** The user that it runs as, in place of this one. */
  user?: string | undefined;
  environment?: Record<string, string>;
  /** Ends the service without waiting for its connections. */
  signal?: NodeJS.Signals;
}

/**
 * Starts a program, and waits until it is ready. It has a process group of its own, so that on Ctrl-C the servers that
 * use it end first; it ends when this process does, however that ends.
 */
export async function startService(site: Site, service: Service): Promise<void> {
  const { name, command, isReady, user, environment, signal = 'SIGTERM' } = service;
  const log = join(site.folder, `${name}.log`);
  const output = openSync(log, 'a');
  const identity = user ? [`--reuid=${user}`, `--regid=${user}`, '--clear-groups'] : [];
  const child = spawn('setpriv', [...identity, `--pdeathsig=${signal}`, ...command], {
    detached: true,
    cwd: site.folder,
    env: { ...process.env, ...environment },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const ended = once(child, 'exit');
  site.everything.defer(async () => {
    child.kill(signal);
    await ended;
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const hasEnded = child.exitCode !== null;
    const said = await readFile(log, 'utf8');
    if (await isReady(said)) return;
    if (hasEnded || Date.now() > deadline) {
      throw new Error(`${name} did not start: ${said.slice(-2000)}`);
    }
    await setTimeout(50);
  }
}

/** Returns true if a program accepts connections. */
export async function listensOn(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Starts a PostgreSQL of its own, and returns its DATABASE_URL. It refuses to run as root: there it is `postgres`. */
export async function startPostgres(site: Site): Promise<string> {
  const programs = findPostgres()!;
  const data = join(site.folder, 'postgres');
  const port = await freePort();
  const user = process.getuid?.() === 0 ? 'postgres' : undefined;
  await mkdir(data, { mode: 0o700 });
  if (user) {
    // Lets the user pass through the folder to its own.
    await chmod(site.folder, 0o711);
    await run('chown', [`${user}:`, data]);
  }
  const ownership = ['--username=postgres', '--auth=trust'];
  const text = ['--encoding=UTF8', '--locale=C', '--no-sync'];
  await startService(site, {
    name: 'initdb',
    command: [join(programs, 'initdb'), `--pgdata=${data}`, ...ownership, ...text],
    user,
    isReady: (output) => output.includes('Success.'),
  });
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
  const options = ['-D', data, '-p', String(port), ...settings.flatMap((each) => ['-c', each])];
  await startService(site, {
    name: 'postgres',
    command: [join(programs, 'postgres'), ...options],
    user,
    isReady: (output) => output.includes('ready to accept connections'),
    signal: 'SIGINT',
  });
  return `postgres://postgres@127.0.0.1:${port}/postgres`;
}

/** Starts a Redis of its own that keeps nothing on the disk, and returns its REDIS_URL. */
export async function startRedis(site: Site): Promise<string> {
  const port = await freePort();
  const network = ['--bind', '127.0.0.1', '--port', String(port)];
  const storage = ['--save', '', '--appendonly', 'no', '--dir', site.folder];
  const command = ['redis-server', ...network, ...storage];
  await startService(site, { name: 'redis', command, isReady: () => listensOn(port) });
  return `redis://127.0.0.1:${port}`;
}

/** Starts an S3 server of its own, and returns the STORAGE_URL of a bucket in it. */
export async function startS3(site: Site): Promise<string> {
  let url = '';
  await startService(site, {
    name: 's3',
    command: [join(root, 'scripts/lib/start-swift'), '--foreground'],
    environment: {
      SWIFT_DIR: join(site.folder, 's3'),
      SWIFT_PORT: String(await freePort(SWIFT_PORTS)),
      PATH: pathWithSystemFolders(process.env.PATH!),
    },
    isReady: (output) => {
      url = /^s3:.*$/m.exec(output)?.[0] ?? '';
      return url !== '';
    },
  });
  await createBucket(url);
  return url;
}
