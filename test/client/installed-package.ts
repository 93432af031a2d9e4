import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packClient } from '../../src/client-package.ts';
import { root } from '../helpers/process.ts';

const run = promisify(execFile);

/** A new project that has installed the package of the client. */
export interface InstalledPackage {
  /** The project's folder. */
  folder: string;
  /** Name of the package's file in that folder. */
  tarball: string;
  remove(): Promise<void>;
}

/** Builds and packs a copy of the client, and installs it, with the dependencies of this checkout, without a network. */
export async function installPackage(): Promise<InstalledPackage> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-consumer-'));
  const client = join(folder, 'client');
  const npm = (args: string[], cwd: string) =>
    run('npm', [...args, '--cache', join(folder, '.npm'), '--loglevel=error'], { cwd });
  await cp(join(root, 'generated-client'), client, {
    recursive: true,
    filter: (path) => !path.endsWith('generated-client/dist'),
  });
  await symlink(join(root, 'node_modules'), join(client, 'node_modules'));
  await npm(['run', 'build'], client);
  const tarball = 'tally-client.tgz';
  await writeFile(join(folder, tarball), await packClient(client));
  await rm(client, { recursive: true });
  const manifest = await readFile(join(root, 'generated-client/package.json'), 'utf8');
  for (const name of Object.keys(JSON.parse(manifest).dependencies)) {
    await npm(['pack', '--ignore-scripts', join(root, 'node_modules', name)], folder);
  }
  await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  const files = (await tarballsIn(folder)).map((name) => `./${name}`);
  await npm(['install', '--offline', ...files], folder);
  return { folder, tarball, remove: () => rm(folder, { recursive: true }) };
}

async function tarballsIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
}
