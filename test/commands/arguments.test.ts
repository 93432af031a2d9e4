import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, runToEnd } from '../helpers/process.ts';

const scripts = readdirSync(join(root, 'scripts'), { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ name }) => `scripts/${name}`);

describe.for(scripts)('%s', (script) => {
  it('prints its usage with --help, and does nothing else', async () => {
    const { code, stdout, stderr } = await runToEnd(script, ['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^Usage: ${script}[ \n]`));
  });

  it('refuses an option that it does not know with one line', async () => {
    const { code, stdout, stderr } = await runToEnd(script, ['--bogus']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^tally: [^\n]*--bogus[^\n]*\n$/);
  });
});

it.each([
  ['scripts/attacks', ['--minutes']],
  ['scripts/faults', ['--minutes', 'many']],
  ['scripts/bench', ['nothing']],
  ['scripts/bench', ['sum', 'http', '--', '--json']],
  ['scripts/create-admin', ['--email']],
])('%s %j is refused with one line', async (script, args) => {
  const { code, stdout, stderr } = await runToEnd(script, args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^tally: [^\n]+\n$/);
});

it('a bench gets the arguments after --', async () => {
  const { code, stdout } = await runToEnd('scripts/bench', ['http', '--', '--help']);
  expect(code).toBe(0);
  expect(stdout).toContain('--megabytes');
});

it('every npm script runs one of scripts/, which provide what it needs', () => {
  const { scripts: npmScripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const line of Object.values<string>(npmScripts)) {
    expect(scripts).toContain(line.split(' ')[0]);
  }
});
