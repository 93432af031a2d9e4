import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findNodes } from '../helpers/nodes.ts';
import { folderWith } from './command.ts';
import { type InstalledPackage, installPackage } from './installed-package.ts';

const run = promisify(execFile);

let installed: InstalledPackage;
beforeAll(async () => {
  installed = await installPackage();
}, 60_000);
afterAll(() => installed.remove());

it('is a command of the installed package, on every Node of this machine', async () => {
  const command = join(installed.folder, 'node_modules/.bin/tally');
  const cwd = await folderWith({
    'a.json': '[1.5]',
    'a.jsonl.gz': gzipSync('1\n2.5\n'),
    'a.json.zst': zstdCompressSync('[2]'),
  });
  const tested: string[] = [];
  for (const { path, version } of await findNodes()) {
    const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
    if (major < 20) continue;
    const env = { ...process.env, PATH: `${join(path, '..')}:${process.env.PATH}` };
    const plain = await run(command, ['sum', 'a.json', 'a.jsonl.gz'], { cwd, env });
    const lines = [`${hash('sha256', '1.5')}  a.json`, `${hash('sha256', '3.5')}  a.jsonl.gz`, ''];
    expect(plain, version).toEqual({ stdout: lines.join('\n'), stderr: '' });
    const zstd = run(command, ['sum', '--text', 'a.json.zst'], { cwd, env });
    const hasZstd = major >= 24 || (major === 23 && minor >= 8) || (major === 22 && minor >= 15);
    if (hasZstd) expect(await zstd, version).toEqual({ stdout: '2\n', stderr: '' });
    else {
      const stderr = `tally: a.json.zst: .zst needs Node 22.15 or newer, and this is ${version}; use zstd -dc FILE | tally sum -\n`;
      await expect(zstd).rejects.toMatchObject({ code: 2, stdout: '', stderr });
    }
    tested.push(version);
  }
  expect(tested).toContain(process.version);
});
