import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { runCommand, WrongArguments } from '../../../src/commands/run-command.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { findMissingPackages } from './packages.ts';

const USAGE = `Usage: scripts/cluster [-- COMMAND ...]

Starts nginx in front of two servers that share PostgreSQL, Redis and S3 (OpenStack Swift), without Docker: all of it
on free ports of loopback, from Debian's packages, with its data in one temporary folder. Prints the address, and
runs until Ctrl-C, which removes everything.

  COMMAND  runs against it, instead; its exit status is the status of scripts/cluster
  --help   shows this text

A command finds in its environment:

  TALLY_URL                                the address, https://localhost:PORT
  NODE_EXTRA_CA_CERTS                      the certificate of the address, which Node trusts by this
  CURL_CA_BUNDLE, SSL_CERT_FILE            the same for curl and other programs, with the authorities of this machine
  E2E_ADMIN_USERNAME, E2E_ADMIN_PASSWORD   an administrator

for instance: scripts/cluster -- sh -c 'curl "$TALLY_URL/health/ready"'
              scripts/cluster -- sh -c 'scripts/e2e "$TALLY_URL"'
`;

await runCommand({
  usage: USAGE,
  options: {},
  allowPositionals: true,
  work: async (_, command) => {
    if (command.length > 0 && process.argv[2] !== '--') {
      throw new WrongArguments(`${command[0]} is no option; a command follows "--", see --help`);
    }
    const missing = findMissingPackages(process.env.PATH ?? '');
    if (missing.length > 0) {
      throw new Error(
        `these Debian packages are missing: apt-get install --no-install-recommends ${missing.join(' ')}`,
      );
    }
    process.exitCode = await run(command);
  },
});

/** Runs a cluster until a signal, or as long as a command runs, and returns the exit status. */
async function run(command: string[]): Promise<number> {
  await using everything = new AsyncDisposableStack();
  const interrupted = nextSignal();
  const work = async () => {
    const cluster = await startCluster(everything);
    const [program, ...args] = command;
    if (program !== undefined) return runAgainst(cluster, program, args);
    process.stdout.write(describe(cluster));
    return interrupted;
  };
  // Awaited here, or everything would be ended at once.
  return await Promise.race([work(), interrupted]);
}

/** Returns the exit status that the next signal to end stands for; the shell's Ctrl-C is an orderly end. */
function nextSignal(): Promise<number> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => resolve(128 + constants.signals[signal]));
    }
  });
}

async function runAgainst(cluster: Cluster, program: string, args: string[]): Promise<number> {
  const { url, certificate, authorities, administrator } = cluster;
  const child = spawn(program, args, {
    stdio: 'inherit',
    env: {
      ...process.env,
      TALLY_URL: url,
      NODE_EXTRA_CA_CERTS: certificate,
      CURL_CA_BUNDLE: authorities,
      SSL_CERT_FILE: authorities,
      E2E_ADMIN_USERNAME: administrator.username,
      E2E_ADMIN_PASSWORD: administrator.password,
    },
  });
  const [code, signal]: [number | null, NodeJS.Signals | null] = await Promise.race([
    once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
    once(child, 'error').then(([error]) => Promise.reject(error)),
  ]);
  return code ?? 128 + constants.signals[signal!];
}

function describe({ url, certificate, administrator, replicas, folder }: Cluster): string {
  const servers = replicas.map(({ url, child }) => `${url} (process ${child.pid})`);
  return `
  Tally          ${url} (nginx)
  Certificate    ${certificate} (curl --cacert)
  Administrator  ${administrator.username}, ${administrator.password}
  Servers        ${servers.join(', ')}
  Logs           ${folder}/*.log

  Ctrl-C ends all, and removes ${folder}.

`;
}
