import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { chmod, cp, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { CLIENT_FOLDER, packClient } from '../../src/client-package.ts';
import { root, runToEnd } from '../helpers/process.ts';
import { serverForTest, serverProcessForTest } from '../helpers/server.ts';

const run = promisify(execFile);

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-project-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

describe('GET /client.tgz', () => {
  it('is installed by npm, also by the next machine with the lock file', async () => {
    const server = await serverProcessForTest();
    const [first, second, cache] = [await emptyFolder(), await emptyFolder(), await emptyFolder()];
    const npm = (folder: string, args: string[]) =>
      run('npm', [...args, '--loglevel=error', '--no-audit', '--no-fund'], { cwd: folder });
    await writeFile(join(first, 'package.json'), '{"private":true,"type":"module"}');
    await npm(first, ['install', `${server.url}/client.tgz`]);

    // Another process of the same version has the same bytes.
    await server.end('SIGTERM');
    await server.start();
    for (const name of ['package.json', 'package-lock.json'])
      await cp(join(first, name), join(second, name));
    await npm(second, ['ci', '--cache', cache]);

    await writeFile(
      join(second, 'program.js'),
      `import { Tally } from 'tally-client';
       import { sum } from 'tally-client/local';
       const tally = new Tally({ baseUrl: '${server.url}' });
       await tally.authenticate('ada', 'any');
       console.log(await tally.sum([0.1, 0.2]), (await sum('[0.3]')).sha256);`,
    );
    const { stdout } = await run(process.execPath, ['program.js'], { cwd: second });
    expect(stdout.trim().split(' ')).toEqual(Array(2).fill(hash('sha256', '0.3')));
    const command = await run(join(second, 'node_modules/.bin/tally'), ['--version']);
    expect(command.stdout.trim()).toBe(await versionOf('package.json'));
  }, 60_000);

  it('has a tag, and is not sent again to who has it', async () => {
    const { url } = await serverForTest();
    const response = await fetch(`${url}/client.tgz`);
    const bytes = Buffer.from(await response.arrayBuffer());
    const { headers } = response;
    expect(headers.get('content-type')).toBe('application/gzip');
    expect(headers.get('content-length')).toBe(String(bytes.length));
    expect(headers.get('cache-control')).toBe('public, no-cache');
    const etag = headers.get('etag')!;
    expect(etag).toBe(`"${hash('sha256', bytes, 'base64url')}"`);

    const again = await fetch(`${url}/client.tgz`, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    const changed = await fetch(`${url}/client.tgz`, { headers: { 'if-none-match': '"other"' } });
    expect(changed.status).toBe(200);
    const head = await fetch(`${url}/client.tgz`, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String(bytes.length));
  });
});

describe('the package', () => {
  let bytes: Buffer;
  beforeAll(async () => {
    bytes = await packClient();
  });

  it('has the version of the server', async () => {
    expect(await versionOf('generated-client/package.json')).toBe(await versionOf('package.json'));
  });

  it('depends on the contents of files alone, not on their times, rights or folder', async () => {
    const copy = await emptyFolder();
    await cp(CLIENT_FOLDER, copy, { recursive: true });
    await chmod(join(copy, 'README.md'), 0o600);
    await utimes(join(copy, 'dist/index.js'), 1, 1);
    expect((await packClient(copy)).equals(bytes)).toBe(true);
  });

  it('holds the files that npm would pack, of which only the command is executable', async () => {
    const dryRun = ['pack', '--dry-run', '--json', '--loglevel=error'];
    const { stdout } = await run('npm', dryRun, { cwd: CLIENT_FOLDER });
    const [{ files }] = JSON.parse(stdout);
    const packed = await unpackTar(gunzipSync(bytes));
    expect(packed.map(({ header }) => header.name.replace(/^package\//, '')).sort()).toEqual(
      files.map(({ path }: { path: string }) => path).sort(),
    );
    expect(packed.filter(({ header }) => header.mode !== 0o644)).toMatchObject([
      { header: { name: 'package/dist/cli/index.js', mode: 0o755 } },
    ]);
  });

  it('is written by scripts/pack-client, relative to where that is called', async () => {
    const folder = await emptyFolder();
    const script = join(root, 'scripts/pack-client');
    const { stderr } = await run(script, [], { cwd: folder });
    expect(stderr).toBe(`The package is ${join(folder, 'tally-client.tgz')}.\n`);
    await run(script, ['other.tgz'], { cwd: folder });
    for (const name of ['tally-client.tgz', 'other.tgz'])
      expect((await readFile(join(folder, name))).equals(bytes)).toBe(true);
    const tooMany = await runToEnd(script, ['/nowhere/a.tgz', 'b.tgz']);
    expect(tooMany).toEqual({
      code: 1,
      stdout: '',
      stderr: 'tally: one FILE is enough; see --help\n',
    });
  });
});

async function versionOf(manifest: string): Promise<string> {
  return JSON.parse(await readFile(join(root, manifest), 'utf8')).version;
}
