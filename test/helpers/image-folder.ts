import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { root } from './process.ts';

/** Makes a folder with the files of the container image, and returns the path of its command `tally`. */
export async function installAsImage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-image-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(join(root, 'src'), join(folder, 'src'), { recursive: true });
  await cp(join(root, 'package.json'), join(folder, 'package.json'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await mkdir(join(folder, 'bin'));
  const command = join(folder, 'bin/tally');
  await symlink('../src/commands/tally.ts', command);
  return command;
}
