import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findNodes } from '../helpers/nodes.ts';
import { root } from '../helpers/process.ts';
import { sumVectors } from '../helpers/sum-vectors.ts';
import { type InstalledPackage, installPackage } from './installed-package.ts';
import { likeVector } from './local-outcome.ts';
import { hasRuntimes, installRuntimes } from './runtimes.ts';

const run = promisify(execFile);
const LINES = 300_000;

let installed: InstalledPackage;
beforeAll(async () => {
  installed = await installPackage();
  const { folder } = installed;
  await copyFile(join(import.meta.dirname, 'local-program.js'), join(folder, 'program.js'));
  await writeFile(join(folder, 'lines.jsonl'), '0.5\n'.repeat(LINES));
});
afterAll(() => installed?.remove());

describe('tally-client/local', () => {
  it('runs on every Node of this machine that it says it runs on', async () => {
    const tested: string[] = [];
    for (const { path, version } of await findNodes()) {
      if (Number.parseInt(version.slice(1), 10) < 20) continue;
      await expectRight(path, ['program.js']);
      tested.push(version);
    }
    expect(tested).toContain(process.version);
  }, 60_000);

  describe.runIf(hasRuntimes)('beside Node (needs Linux on x64)', () => {
    let runtimes: Awaited<ReturnType<typeof installRuntimes>>;
    beforeAll(async () => {
      runtimes = await installRuntimes();
    }, 180_000);

    it('runs on Deno, which lets it read nothing but its files', async () => {
      const readable = `--allow-read=${installed.folder},${join(root, 'docs')}`;
      await expectRight(runtimes.deno, ['run', readable, 'program.js']);
    }, 60_000);

    it('runs on Bun', async () => {
      await expectRight(runtimes.bun, ['program.js']);
    }, 60_000);
  });
});

async function expectRight(program: string, args: string[]) {
  const vectors = join(root, 'docs/reference/sum-vectors.json');
  const { folder } = installed;
  const { stdout } = await run(program, [...args, vectors, 'lines.jsonl'], { cwd: folder });
  const { outcomes, digests, files, elapsed, longestTurn, ...others } = JSON.parse(stdout);
  for (const [index, { name, answer, error }] of sumVectors.cases.entries()) {
    expect(likeVector(outcomes[index]), name).toEqual(answer ?? error);
  }
  expect(new Set(Object.values(digests))).toEqual(new Set([hash('sha256', '3')]));
  const half = { sha256: hash('sha256', String(LINES / 2)) };
  expect(files).toEqual([half, half]);
  expect(others).toEqual({ bytes: 4 * LINES, count: 25_000_000, isAborted: true });
  expect(longestTurn).toBeLessThan(elapsed / 2);
}
