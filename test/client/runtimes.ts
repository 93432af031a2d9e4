import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../helpers/process.ts';

const run = promisify(execFile);
const PACKAGE = join(import.meta.dirname, 'runtimes');
const CACHE = join(root, 'node_modules/.cache/runtimes');

/** The registry has all of them for this kind of machine, pinned in runtimes/package.json; for others not. */
export const hasRuntimes = process.platform === 'linux' && process.arch === 'x64';

/** Installs the runtimes and the compiler beside those of the project, unless that is done, and returns their paths. */
export async function installRuntimes() {
  const lock = await readFile(join(PACKAGE, 'package-lock.json'));
  const folder = join(CACHE, hash('sha256', lock).slice(0, 12));
  if (!existsSync(folder)) await installInto(folder);
  const at = (path: string) => join(folder, 'node_modules', path);
  return {
    deno: at('@deno/linux-x64-glibc/deno'),
    bun: at('@oven/bun-linux-x64/bin/bun'),
    node20: at('node-20/bin/node'),
    node22: at('node-22/bin/node'),
    typescript: at('typescript/bin/tsc'),
  };
}

async function installInto(folder: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const fresh = await mkdtemp(join(CACHE, 'new-'));
  for (const name of ['package.json', 'package-lock.json']) {
    await cp(join(PACKAGE, name), join(fresh, name));
  }
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: fresh });
  try {
    await rename(fresh, folder);
  } catch (error) {
    // Another test file may have installed them meanwhile.
    if (!existsSync(folder)) throw error;
    await rm(fresh, { recursive: true });
  }
}
