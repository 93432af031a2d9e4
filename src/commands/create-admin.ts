import { createInterface } from 'node:readline/promises';
import { PassThrough } from 'node:stream';
import type { FastifyError } from 'fastify';
import { type Config, loadConfig } from '../config.ts';
import { openDatabase } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import { createAccountRegistrar } from '../features/accounts/index.ts';
import type { AccountTables } from '../features/accounts/tables.ts';
import { DEFAULT_TIER } from '../features/tiers/service.ts';
import type { Problem } from '../http/problem.ts';
import { migrations } from '../migrations.ts';
import { toProblem } from '../plugins/problems.ts';
import { runCommand } from './run-command.ts';

const USAGE = `Usage: scripts/create-admin [--email EMAIL] [--username NAME]

Makes an account with the role of an administrator in the database at DATABASE_URL, also while the
server runs. What is missing is asked for, and so is the password, which does not show; where standard
input is no terminal, its first line is the password.

  --email     the e-mail address
  --username  the user name (default: the e-mail address)
  --help      shows this text
`;

await runCommand({
  usage: USAGE,
  options: { email: { type: 'string' }, username: { type: 'string' } },
  work: (given) => createAdministrator(loadConfig(process.env), given),
  explain,
});

async function createAdministrator(
  config: Config,
  given: { email?: string; username?: string },
): Promise<void> {
  const names = process.stdin.isTTY ? await askNames(given) : given;
  const { email, username } = names;
  if (!email) throw new Error('--email is missing');
  const password = process.stdin.isTTY ? await askPassword() : await firstLine();
  await migrate(config.database, migrations);
  const database = openDatabase<AccountTables>(config.database);
  try {
    const register = await createAccountRegistrar(database, config.accounts, DEFAULT_TIER);
    const { result: account } = await register(
      { email, password, ...(username && { username }) },
      { address: null, requestId: 'create-admin' },
      { role: 'admin' },
    );
    process.stderr.write(`${account.username} is an administrator.\n`);
  } finally {
    await database.close();
  }
}

async function askNames(given: { email?: string; username?: string }) {
  if (given.email && given.username) return given;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const email = given.email ?? (await terminal.question('E-mail address: ')).trim();
  const username =
    given.username ?? (await terminal.question(`User name (default: ${email}): `)).trim();
  terminal.close();
  return { email, username };
}

async function askPassword(): Promise<string> {
  const password = await askHidden('Password: ');
  if (password === (await askHidden('Password, again: '))) return password;
  process.stderr.write('These were two different passwords.\n');
  return askPassword();
}

/** What is typed is echoed to nowhere. */
async function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new PassThrough().resume();
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  terminal.on('SIGINT', () => process.exit(130));
  const answer = await terminal.question('');
  terminal.close();
  process.stderr.write('\n');
  return answer;
}

async function firstLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) return line;
  throw new Error('standard input is empty; its first line should be the password');
}

/** What a person can mend is what a client of the API would be told. */
function explain(error: Error & { validation?: unknown }): string {
  const { message, errors } = error.validation
    ? toProblem(error as FastifyError)
    : (error as Problem);
  return errors?.map(({ path, message }) => `${path.slice(1)} ${message}`).join('; ') ?? message;
}
