import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { CHEAP_HASHES, freshEmail, PASSWORD, signIn } from '../helpers/accounts.ts';
import { sqlite } from '../helpers/databases.ts';
import { installAsImage } from '../helpers/image-folder.ts';
import { root, runToEnd, startServerProcess } from '../helpers/process.ts';

/** Names of the scripts that run a program of the server. */
const commands = readdirSync(join(root, 'scripts'), { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ name }) => name)
  .filter((name) => /^run src\//m.test(readFileSync(join(root, 'scripts', name), 'utf8')));

it('lists every command that a checkout has as a script', async () => {
  const tally = await installAsImage();
  const help = await runToEnd(tally, ['help']);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect([...help.stdout.matchAll(/^ {2}([\w-]+) /gm)].map(([, name]) => name).toSorted()).toEqual(
    commands.toSorted(),
  );
  for (const args of [[], ['--help']]) expect(await runToEnd(tally, args)).toEqual(help);
});

it('shows how each command is called here', { timeout: 60_000 }, async () => {
  const tally = await installAsImage();
  for (const name of commands) {
    const { code, stdout } = await runToEnd(tally, [name, '--help']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(`tally ${name}`) });
    expect(stdout).not.toContain('scripts/');
  }
});

it('refuses a command that does not exist, and wrong options of those that do', async () => {
  const tally = await installAsImage();
  expect(await runToEnd(tally, ['toString'])).toEqual({
    code: 2,
    stdout: '',
    stderr: 'tally: there is no command "toString"; see tally help\n',
  });
  const wrong = await runToEnd(tally, ['migrate', '--bogus']);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('--bogus') });
});

it('starts a server that names the command for an administrator, which works', async () => {
  const tally = await installAsImage();
  const { url, drop } = await sqlite.create();
  onTestFinished(drop);
  const environment = { ...CHEAP_HASHES, DATABASE_URL: url };
  const server = await startServerProcess(environment, [tally, 'start']);
  onTestFinished(server.close);
  expect(server.output.stdout).toContain('; tally create-admin makes one');
  const made = await runToEnd(
    tally,
    ['create-admin', '--email', freshEmail(), '--username', 'root'],
    environment,
    `${PASSWORD}\n`,
  );
  expect(made).toMatchObject({ code: 0, stderr: 'root is an administrator.\n' });
  await expect(signIn(server, { username: 'root' })).resolves.toHaveProperty('access_token');
});
