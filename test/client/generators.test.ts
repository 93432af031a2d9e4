import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHEAP_HASHES } from '../helpers/accounts.ts';
import { root } from '../helpers/process.ts';
import { startServer, type TestServer } from '../helpers/server.ts';
import { type InstalledPackage, installPackage } from './installed-package.ts';

const run = promisify(execFile);
const TOOLS = join(import.meta.dirname, 'generators');
const SPEC = join(root, 'openapi.json');

/** A program for each generator: it registers, signs in, adds up a document, and lists products. */
const PROGRAMS = {
  '@hey-api/openapi-ts': `
    import { client } from './client/client.gen.ts';
    import { listProducts, login, registerAccount, sumDocument } from './client/sdk.gen.ts';
    client.setConfig({ baseUrl: process.env.BASE_URL! });
    const body = { email: 'hey@example.com', password: 'correct horse battery staple' };
    await registerAccount({ body, throwOnError: true });
    const { data: tokens } = await login({ body, throwOnError: true });
    client.setConfig({ auth: () => tokens.access_token });
    const { data: sum } = await sumDocument({ body: { lines: [{ price: 19.99 }, { price: 5 }] }, throwOnError: true });
    const { data: page } = await listProducts({ query: { limit: 2 }, throwOnError: true });
    const names: string[] = page.results.map(({ name }) => name);
    client.setConfig({ auth: undefined });
    const refused = await sumDocument({ body: [1], query: { include: ['count'] } });
    const code: string | undefined = refused.error?.code;
    console.log(JSON.stringify([sum, names.length, page.count, code]));
  `,
  'openapi-typescript': `
    import createClient from 'openapi-fetch';
    import type { paths } from './types.d.ts';
    const client = createClient<paths>({ baseUrl: process.env.BASE_URL! });
    const body = { email: 'fetch@example.com', password: 'correct horse battery staple' };
    await client.POST('/accounts', { body });
    const { data: tokens, error } = await client.POST('/accounts/login', { body });
    if (!tokens) throw new Error(error.code);
    const headers = { authorization: \`Bearer \${tokens.access_token}\` };
    const { data: sum } = await client.POST('/sum', { body: { lines: [{ price: 19.99 }, { price: 5 }] }, headers });
    const { data: page } = await client.GET('/products', { params: { query: { limit: 2 } }, headers });
    const names: string[] | undefined = page?.results.map(({ name }) => name);
    const refused = await client.POST('/sum', { body: [1], params: { query: { include: ['count'] } } });
    const code: string | undefined = refused.error?.code;
    console.log(JSON.stringify([sum, names?.length, page?.count, code]));
  `,
  orval: `
    import { listProducts, login, registerAccount, sumDocument } from './client.ts';
    const json = { 'content-type': 'application/json' };
    const account = { email: 'orval@example.com', password: 'correct horse battery staple' };
    await registerAccount(account);
    const signedIn = await login(account);
    if (signedIn.status !== 200) throw new Error(signedIn.data.code);
    const authorization = \`Bearer \${signedIn.data.access_token}\`;
    const document = { lines: [{ price: 19.99 }, { price: 5 }] };
    const sum = await sumDocument(document, {}, { headers: { ...json, authorization } });
    const page = await listProducts({ limit: 2 }, { headers: { authorization } });
    if (page.status !== 200) throw new Error(page.data.code);
    const names: string[] = page.data.results.map(({ name }) => name);
    const refused = await sumDocument([1], { include: ['count'] }, { headers: json });
    const code: string | undefined = refused.status === 200 ? undefined : refused.data.code;
    console.log(JSON.stringify([sum.data, names.length, page.data.count, code]));
  `,
};

type Generator = keyof typeof PROGRAMS;

const tool = (name: string) => join(TOOLS, 'node_modules/.bin', name);

beforeAll(async () => {
  if (existsSync(join(TOOLS, 'node_modules'))) return;
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: TOOLS });
}, 180_000);

describe('clients that other generators make of openapi.json', () => {
  let server: TestServer;
  let folder: string;
  beforeAll(async () => {
    server = await startServer(CHEAP_HASHES);
    folder = await mkdtemp(join(tmpdir(), 'tally-generators-'));
    await symlink(join(TOOLS, 'node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  });
  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Writes the client that a generator makes into the folder. */
  const generators: Record<Generator, () => Promise<unknown>> = {
    '@hey-api/openapi-ts': () => {
      const plugins = ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'];
      const args = ['-i', SPEC, '-o', 'client', '--silent', '-p', ...plugins];
      return run(tool('openapi-ts'), args, { cwd: folder });
    },
    'openapi-typescript': () =>
      run(tool('openapi-typescript'), [SPEC, '-o', 'types.d.ts'], { cwd: folder }),
    async orval() {
      const output = { target: './client.ts', client: 'fetch', baseUrl: server.url };
      const config = { tally: { input: SPEC, output } };
      await writeFile(
        join(folder, 'orval.config.mjs'),
        `export default ${JSON.stringify(config)};`,
      );
      return run(tool('orval'), ['--config', 'orval.config.mjs'], { cwd: folder });
    },
  };

  it.each(Object.keys(PROGRAMS) as Generator[])(
    'compile, sign in, sum, list and tell errors apart: %s',
    async (generator) => {
      await generators[generator]();
      await writeFile(join(folder, 'program.ts'), PROGRAMS[generator]);
      const compilerOptions = {
        strict: true,
        target: 'es2022',
        module: 'esnext',
        moduleResolution: 'bundler',
        lib: ['es2024', 'dom', 'dom.iterable'],
        types: ['node'],
        typeRoots: [join(root, 'node_modules/@types')],
        noEmit: true,
        skipLibCheck: true,
        allowImportingTsExtensions: true,
      };
      const config = { compilerOptions, files: ['program.ts'] };
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
      await expect(run(tool('tsc'), ['-p', folder])).resolves.toMatchObject({ stdout: '' });
      const outfile = join(folder, 'program.mjs');
      await build({
        absWorkingDir: folder,
        entryPoints: ['program.ts'],
        bundle: true,
        platform: 'node',
        format: 'esm',
        outfile,
        logLevel: 'error',
      });
      const env = { ...process.env, BASE_URL: server.url };
      const { stdout } = await run(process.execPath, [outfile], { env });
      expect(JSON.parse(stdout)).toEqual([
        { sha256: hash('sha256', '24.99') },
        0,
        0,
        'missing_token',
      ]);
    },
    60_000,
  );
});

describe('the package of the client, for checkers', () => {
  let installed: InstalledPackage;
  beforeAll(async () => {
    installed = await installPackage();
  });
  afterAll(() => installed?.remove());

  it('has no fault that publint knows', async () => {
    const { stdout } = await run(tool('publint'), ['run', installed.tarball, '--strict'], {
      cwd: installed.folder,
    });
    expect(stdout).toContain('All good!');
  });

  it('has types for every way to resolve it, as attw sees it', async () => {
    const args = ['--profile', 'esm-only', '--format', 'json', installed.tarball];
    const { stdout } = await run(tool('attw'), args, { cwd: installed.folder });
    // The package is ESM alone; CommonJS and the resolution of Node 10, which knows no "exports", are not meant to work.
    const problems = JSON.parse(stdout).analysis.problems.filter(
      ({ resolutionKind }: { resolutionKind?: string }) =>
        resolutionKind !== 'node10' && resolutionKind !== 'node16-cjs',
    );
    expect(problems).toEqual([]);
  });
});
