import { expect, it, onTestFinished } from 'vitest';
import {
  CHEAP_HASHES,
  expectJson,
  freshEmail,
  PASSWORD,
  send,
  signIn,
} from '../helpers/accounts.ts';
import { describeOnEachDatabase } from '../helpers/databases.ts';
import { runToEnd } from '../helpers/process.ts';
import { serverForTest } from '../helpers/server.ts';

async function createAdmin(databaseUrl: string, args: string[], input: string) {
  const command = ['src/commands/create-admin.ts', ...args];
  const environment = { ...CHEAP_HASHES, DATABASE_URL: databaseUrl };
  const finished = await runToEnd(process.execPath, command, environment, input);
  return { code: finished.code, output: `${finished.stdout}${finished.stderr}` };
}

describeOnEachDatabase('create-admin', (database) => {
  it('makes an administrator while the server runs, which had said how', {
    timeout: 90_000,
  }, async () => {
    const { url, drop } = await database.create();
    onTestFinished(drop);
    const server = await serverForTest({ DATABASE_URL: url, ...CHEAP_HASHES });
    expect(server.logs()).toContain('scripts/create-admin');
    const email = freshEmail();
    const made = await createAdmin(url, ['--email', email, '--username', 'root'], `${PASSWORD}\n`);
    expect(made).toEqual({ code: 0, output: 'root is an administrator.\n' });
    const { access_token: token } = await signIn(server, { username: 'root' });
    await expectJson(send(server, 'GET', '/accounts', { token }));
    const again = await serverForTest({ DATABASE_URL: url, ...CHEAP_HASHES });
    expect(again.logs()).not.toContain('scripts/create-admin');

    const refusals: [string[], string, RegExp][] = [
      [['--email', email], PASSWORD, /e-mail address/],
      [['--email', 'no address'], PASSWORD, /email must match/],
      [['--email', freshEmail()], 'password', /most common/],
      [['--email', freshEmail()], '', /standard input is empty/],
      [[], PASSWORD, /--email is missing/],
    ];
    for (const [args, input, reason] of refusals) {
      expect(await createAdmin(url, args, input)).toEqual({
        code: 1,
        output: expect.stringMatching(reason),
      });
    }
  });
});
