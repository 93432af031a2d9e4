import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { pathWithSystemFolders } from '../../scripts/lib/cluster/packages.ts';
import { listensOn, startService } from '../../scripts/lib/cluster/services.ts';
import { environmentSchema, loadConfig } from '../../src/config.ts';
import { hasTool } from '../docs/tools.ts';
import { freePort } from '../helpers/free-port.ts';
import { needing } from '../helpers/needs.ts';
import { root, runToEnd } from '../helpers/process.ts';

interface Service {
  profiles?: string[];
  ports?: string[];
  environment: Record<string, string>;
  volumes?: string[];
  depends_on?: Record<string, unknown>;
  command: string[];
  entrypoint: string[];
}

const text = readFileSync(join(root, 'compose.yaml'), 'utf8');
const { services, volumes } = parse(text, { merge: true }) as {
  services: Record<'tally' | 'password' | 'postgres' | 'cluster' | 'tally-1' | 'tally-2', Service>;
  volumes: Record<string, null>;
};
const { tally, password, postgres, cluster } = services;
const replicas = [services['tally-1'], services['tally-2']];

it('needs no variable', () => {
  const variables = [...text.matchAll(/(?<!\$)\$\{?(\w+)([^}]*)/g)];
  expect(variables.map(([, name]) => name)).toEqual([
    ...['PUBLISH', 'PUBLIC_URL', 'POSTGRES_PASSWORD'],
    ...['CLUSTER_PUBLISH', 'CLUSTER_URL'],
  ]);
  for (const [, , rest] of variables) expect(rest).toMatch(/^:-/);
});

it('publishes Tally on loopback alone, and nothing else', () => {
  const published = Object.entries(services).filter(([, { ports }]) => ports);
  expect(published.map(([name, { ports }]) => [name, ports])).toEqual([
    ['tally', [expect.stringMatching(/^\$\{PUBLISH:-127\.0\.0\.1:8000\}:8000$/)]],
    ['cluster', [expect.stringMatching(/^\$\{CLUSTER_PUBLISH:-127\.0\.0\.1:8080\}:8080$/)]],
  ]);
});

it('starts one server without a profile, and none of the cluster', () => {
  const always = Object.keys(services).filter(
    (name) => !Object.values(services[name as 'tally'].profiles ?? []).length,
  );
  expect(always).toEqual(['tally', 'password', 'postgres']);
});

it('uses settings, services and volumes that exist', () => {
  const settings = Object.keys(environmentSchema.properties);
  for (const { environment } of [tally, ...replicas]) {
    const names = Object.keys(environment).filter((name) => !name.startsWith('AWS_'));
    for (const name of names) expect(settings).toContain(name);
  }
  for (const service of Object.values(services)) {
    for (const name of Object.keys(service.depends_on ?? {}))
      expect(Object.keys(services)).toContain(name);
    const mounts = (service.volumes ?? []).map((mount) => mount.split(':')[0]!);
    for (const name of mounts.filter((name) => !name.startsWith('./')))
      expect(Object.keys(volumes)).toContain(name);
  }
});

/** Runs the service that writes the password, on a folder in place of its volume. */
async function runPasswordService(folder: string, POSTGRES_PASSWORD: string) {
  const [program, ...args] = [...password.entrypoint, ...password.command];
  // In a compose file, $$ is a dollar sign. The owner can be changed by root alone.
  const script = args
    .pop()!
    .replaceAll('$$', '$')
    .replace(/^chown .*$/m, '');
  return runToEnd('/usr/bin/env', [
    '-C',
    folder,
    `POSTGRES_PASSWORD=${POSTGRES_PASSWORD}`,
    program!,
    ...args,
    script,
  ]);
}

async function writePassword(folder: string, POSTGRES_PASSWORD = '') {
  const finished = await runPasswordService(folder, POSTGRES_PASSWORD);
  expect(finished).toEqual({ code: 0, stdout: '', stderr: '' });
  return readFile(join(folder, 'password'), 'utf8');
}

async function volume(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-volume-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await chmod(folder, 0o755);
  return folder;
}

it('makes a password once', async () => {
  const folder = await volume();
  const first = await writePassword(folder);
  expect(first).toMatch(/^[\da-f]{48}$/);
  expect(await writePassword(folder)).toBe(first);
  expect(await writePassword(await volume())).not.toBe(first);
  expect((await stat(join(folder, 'password'))).mode & 0o777).toBe(0o600);
});

it('keeps the password that the database was made with, and refuses another', async () => {
  const folder = await volume();
  const first = await writePassword(folder);
  expect(await writePassword(folder, first)).toBe(first);
  expect(await runPasswordService(folder, 'another')).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('is not the password that the database was made with'),
  });
  expect(await writePassword(folder)).toBe(first);
});

it.each(['#/@%:?', '$HOME $(id) `id`', '"\'\\ %s'])(
  'hands the password %j to both, as it is',
  async (given) => {
    const folder = await volume();
    expect(await writePassword(folder, given)).toBe(given);
    const { DATABASE_PASSWORD_FILE, DATABASE_URL } = tally.environment;
    expect(DATABASE_PASSWORD_FILE).toBe(postgres.environment.POSTGRES_PASSWORD_FILE);
    const { location } = loadConfig({
      DATABASE_URL,
      DATABASE_PASSWORD_FILE: join(folder, 'password'),
    }).database;
    expect(decodeURIComponent(new URL(location).password)).toBe(given);
  },
);

it('gives the servers of the cluster the same settings, and what scripts/cluster sets', () => {
  const [first, second] = replicas;
  expect(second!.environment).toEqual(first!.environment);
  expect(second!.volumes).toEqual(first!.volumes);
  const names = ['DATABASE_URL', 'REDIS_URL', 'STORAGE_URL', 'PUBLIC_URL', 'TRUST_PROXY'];
  expect(Object.keys(first!.environment)).toEqual(expect.arrayContaining(names));
});

/** Runs the command that makes the configuration of nginx, with files in a folder, and returns what it writes. */
async function makeConfiguration(folder: string): Promise<string> {
  const [script] = cluster.command[0]!.split('exec nginx');
  const local = script!
    .replaceAll('$$', '$')
    .replaceAll('/etc/nginx/tally.conf', join(root, 'deploy/nginx/tally.conf'))
    .replaceAll('/etc/nginx/conf.d/default.conf', join(folder, 'tally.conf'));
  expect(await runToEnd('/bin/sh', ['-euc', local])).toMatchObject({ code: 0, stderr: '' });
  return readFile(join(folder, 'tally.conf'), 'utf8');
}

it('makes the configuration of nginx from the one in deploy/', async () => {
  const made = await makeConfiguration(await volume());
  expect(made).toMatch(/^ *server tally-1:8000 (.*;) server tally-2:8000 \1$/m);
  expect(made.match(/listen .*/g)).toEqual(['listen 80;', 'listen 8080;']);
  expect(made).not.toMatch(/ssl|\/var\/log/);
});

const missing = hasTool('nginx') ? undefined : 'nginx';

describe.skipIf(missing)(needing('nginx of the cluster', missing), () => {
  it('passes on the client and the scheme that a proxy in front of it names', async () => {
    const folder = await volume();
    await using everything = new AsyncDisposableStack();
    const upstream = createServer(({ headers }, response) => response.end(JSON.stringify(headers)));
    everything.defer(() => new Promise((resolve) => upstream.close(() => resolve())));
    upstream.listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    const made = await makeConfiguration(folder);
    const port = await freePort();
    const configuration = made
      .replace(/tally-\d:8000/g, `127.0.0.1:${(upstream.address() as AddressInfo).port}`)
      .replace('listen 80;', `listen 127.0.0.1:${await freePort()};`)
      .replace('listen 8080;', `listen 127.0.0.1:${port};`);
    await writeFile(join(folder, 'tally.conf'), configuration);
    const main = [
      ...['daemon off;', `pid ${folder}/pid;`, 'error_log stderr;', 'events {}'],
      `http { client_body_temp_path ${folder}/body; include ${folder}/tally.conf; }`,
    ];
    await writeFile(join(folder, 'nginx.conf'), main.join('\n'));
    const command = ['nginx', '-p', folder, '-c', join(folder, 'nginx.conf')];
    const environment = { PATH: pathWithSystemFolders(process.env.PATH!) };
    const isReady = () => listensOn(port);
    await startService({ folder, everything }, { name: 'nginx', command, environment, isReady });
    const seen = async (headers: Record<string, string>) =>
      (await fetch(`http://127.0.0.1:${port}/`, { headers })).json();
    // The first address is one that the client made up before it came to the proxy.
    expect(
      await seen({ 'x-forwarded-for': '198.51.100.1, 203.0.113.9', 'x-forwarded-proto': 'https' }),
    ).toMatchObject({ 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' });
    const direct = await seen({});
    expect(direct).toMatchObject({ 'x-forwarded-for': '127.0.0.1' });
    expect(direct).not.toHaveProperty('x-forwarded-proto');
  });
});

it('makes a secret for S3 once, which the server and its clients read', async () => {
  const folder = await volume();
  const { entrypoint, command } = services['cluster-s3-secret' as 'cluster'];
  const script = command[0]!
    .replaceAll('$$', '$')
    .replaceAll('/files', join(folder, 'files'))
    .replace(/^chown .*$/m, '');
  const run = () => runToEnd('/usr/bin/env', ['-C', folder, ...entrypoint, script]);
  expect(await run()).toEqual({ code: 0, stdout: '', stderr: '' });
  const credentials = await readFile(join(folder, 'credentials'), 'utf8');
  const [, secret] = /^aws_secret_access_key = ([\da-f]{48})$/m.exec(credentials)!;
  expect(await readFile(join(folder, 'server'), 'utf8')).toContain(`=${secret}\n`);
  await run();
  expect(await readFile(join(folder, 'credentials'), 'utf8')).toBe(credentials);
});
