import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runToEnd } from '../helpers/process.ts';

type Test = [status: string, fullName: string];

/** Returns what `scripts/test` prints at its end, given the tests of each file. */
async function summaryOf(files: Test[][]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-report-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const count = (wanted: string) => files.flat().filter(([status]) => status === wanted).length;
  const report = {
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    testResults: files.map((tests) => ({
      status:
        tests.every(([status]) => status !== 'failed') && tests.length > 0 ? 'passed' : 'failed',
      assertionResults: tests.map(([status, fullName]) => ({ status, fullName })),
    })),
  };
  await writeFile(join(folder, 'report.json'), JSON.stringify(report));
  const file = join(folder, 'report.json');
  const { code, stdout, stderr } = await runToEnd(process.execPath, [
    'scripts/lib/count-tests.ts',
    file,
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

it('counts tests, and files that could not be loaded as failures', async () => {
  expect(
    await summaryOf([
      [
        ['passed', 'a'],
        ['failed', 'b'],
      ],
      [['passed', 'c']],
      [],
    ]),
  ).toBe('2 passed, 2 failed\n');
});

it('lists what was missing, and how many tests were left out because of that', async () => {
  const postgres = 'orders on PostgreSQL (needs PostgreSQL at TEST_POSTGRES_URL)';
  const summary = await summaryOf([
    [
      ['passed', 'a'],
      ['skipped', `${postgres} are placed`],
      ['skipped', `${postgres} are not`],
    ],
    [
      ['pending', 'a disk (needs root, to mount one) that is full'],
      ['skipped', 'something else'],
    ],
  ]);
  expect(summary).toBe(`Left out, because this machine lacks what they need:
     2 tests  PostgreSQL at TEST_POSTGRES_URL
     1 test   root, to mount one
     1 test   for another reason
.ci/run provides all of it on a throw-away Debian machine.

1 passed, 0 failed, 4 skipped
`);
});
