import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverOn } from '../helpers/accounts.ts';
import { sqlite } from '../helpers/databases.ts';
import { PHOTOGRAPH, userWith } from '../helpers/images.ts';
import { type InstalledPackage, installPackage } from './installed-package.ts';
import { hasRuntimes, installRuntimes } from './runtimes.ts';

const run = promisify(execFile);
const PROGRAM = 'runtime-program.js';
const NUMBERS = 100_000;

const server = serverOn(sqlite);
let installed: InstalledPackage;
let runtimes: Awaited<ReturnType<typeof installRuntimes>>;
beforeAll(async () => {
  installed = await installPackage();
  const { folder } = installed;
  await copyFile(join(import.meta.dirname, PROGRAM), join(folder, PROGRAM));
  await copyFile(PHOTOGRAPH, join(folder, 'picture.jpg'));
  await writeFile(join(folder, 'numbers.json'), JSON.stringify(Array(NUMBERS).fill(0.5)));
  if (hasRuntimes) runtimes = await installRuntimes();
}, 180_000);
afterAll(() => installed?.remove());

/** Accepts connections, and never answers. A client that gives up may reset its connection. */
const silentServer = createServer((socket) => socket.on('error', () => undefined));
beforeAll(async () => {
  await once(silentServer.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => void silentServer.close());

async function outcomeOn(program: string, args: string[] = []) {
  const { token } = await userWith(server.current, { tier: 'enterprise' });
  const { port } = silentServer.address() as AddressInfo;
  const silentUrl = `http://127.0.0.1:${port}`;
  const given = [server.current.url, token, 'picture.jpg', 'numbers.json', silentUrl];
  const { stdout } = await run(program, [...args, PROGRAM, ...given], { cwd: installed.folder });
  return JSON.parse(stdout);
}

const silent = [3, true, false];
const expected = {
  uploads: {
    path: silent,
    'path with progress': [3, true, true],
    'opened file': silent,
    'composed file': silent,
    'read stream': silent,
    'web stream': silent,
    iterable: silent,
    bytes: silent,
  },
  isStreamed: true,
  areListed: true,
  digests: Array(3).fill(hash('sha256', String(NUMBERS / 2))),
  refusals: [
    ['ApiError', 'image_not_found', true],
    ['ApiError', 'unsupported_image', true],
    ['ConnectionError', '', true],
    ['ConnectionError', '', true],
    ['TimeoutError', '', true],
  ],
  leaked: [],
};

describe('the client uploads, downloads, lists, sums and fails alike', () => {
  it('on the Node of the tests', async () => {
    expect(await outcomeOn(process.execPath)).toEqual(expected);
  }, 60_000);

  describe.runIf(hasRuntimes)('elsewhere', () => {
    it.each(['node20', 'node22'] as const)(
      'on %s',
      async (name) => {
        expect(await outcomeOn(runtimes[name])).toEqual(expected);
      },
      60_000,
    );

    it('on Deno', async () => {
      const args = ['run', '--allow-read', '--allow-net'];
      expect(await outcomeOn(runtimes.deno, args)).toEqual(expected);
    }, 60_000);

    it('on Bun', async () => {
      expect(await outcomeOn(runtimes.bun)).toEqual(expected);
    }, 60_000);
  });
});
