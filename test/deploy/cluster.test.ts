import { readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findMissingPackages } from '../../scripts/lib/cluster/packages.ts';
import { needing } from '../helpers/needs.ts';
import { runToEnd } from '../helpers/process.ts';

const { TEST_ALL_TOOLS, CI, PATH = '' } = process.env;

const packages = findMissingPackages(PATH).join(', ');
const missing = packages === '' || TEST_ALL_TOOLS || CI ? undefined : packages;

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

describe.skipIf(missing)(needing('scripts/cluster', missing), { timeout: 120_000 }, () => {
  it('runs a command against two servers behind nginx, and leaves nothing behind', async () => {
    const folder = await emptyFolder();
    // PostgreSQL passes through it as another user.
    await chmod(folder, 0o711);
    const script = `
      for _ in 1 2 3 4; do
        curl -sS "$TALLY_URL/health/ready" || exit
      done
      pgrep --parent $PPID --full [s]erver.ts | wc -l
      exit 3`;
    const finished = await runToEnd('scripts/cluster', ['--', 'sh', '-c', script], {
      TMPDIR: folder,
    });
    expect(finished).toEqual({
      code: 3,
      stdout: expect.stringMatching(/^(?:\{"status":"ok"\}){4}2\n$/),
      stderr: expect.stringMatching(/^(?:scripts\/cluster: starting .* \.\.\.\n){4}$/),
    });
    expect(readdirSync(folder)).toEqual([]);
    const left = await runToEnd('/usr/bin/pgrep', ['--full', folder]);
    expect(left.stdout).toBe('');
  });
});

it('refuses a command without "--"', async () => {
  const refused = await runToEnd('scripts/cluster', ['extra']);
  expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('"--"') });
});

it('refuses unknown options, and explains itself', async () => {
  const unknown = await runToEnd('scripts/cluster', ['--replicas', '3']);
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('--replicas') });
  const help = await runToEnd('scripts/cluster', ['--help']);
  expect(help).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Usage: scripts\/cluster/),
  });
});

it('names the packages whose programs are missing', async () => {
  const folder = await emptyFolder();
  expect(findMissingPackages(folder)).toContain('swift-proxy');
  await mkdir(join(folder, 'bin'));
  await symlink('/bin/true', join(folder, 'bin/swift-proxy-server'));
  expect(findMissingPackages(join(folder, 'bin'))).not.toContain('swift-proxy');
});
