import { createInterface } from 'node:readline/promises';
import { PassThrough } from 'node:stream';
import type { FastifyError } from 'fastify';
import { commandLine } from '../command-line.ts';
import { type Config, loadConfig } from '../config.ts';
import { openDatabase } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import { validateNewAccount } from '../features/accounts/accounts/validate-new-account.ts';
import { createAccountServices } from '../features/accounts/index.ts';
import type { AccountTables } from '../features/accounts/tables.ts';
import { DEFAULT_TIER } from '../features/tiers/service.ts';
import type { Problem } from '../http/problem.ts';
import { createIdempotency } from '../idempotency/idempotency.ts';
import type { IdempotencyTables } from '../idempotency/tables.ts';
import { migrations } from '../migrations.ts';
import { toProblem } from '../plugins/problems.ts';
import { runCommand } from './run-command.ts';

const USAGE = `Usage: ${commandLine('create-admin')} [--email EMAIL] [--username NAME]

Registers an administrator in the database at DATABASE_URL, also while the server runs. Asks for missing
options, and for the password, which does not show; if standard input is not a terminal, its first line is
the password.

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
  if (!email) throw new Error('--email is missing; add the e-mail address of the administrator');
  const password = process.stdin.isTTY ? await askPassword() : await firstLine();
  const account = { email, password, ...(username && { username }) };
  validateNewAccount(account);
  await migrate(config.database, migrations);
  const database = openDatabase<AccountTables>(config.database);
  try {
    const { register } = await createAccountServices({
      database,
      idempotency: createIdempotency(database.as<IdempotencyTables>(), 0),
      settings: config.accounts,
      mail: config.mail,
      tiers: { defaultTier: DEFAULT_TIER, lock: async () => true },
    });
    const origin = { address: null, requestId: 'create-admin' };
    const { result } = await register(account, origin, { role: 'admin' });
    process.stderr.write(`${result.username} is an administrator.\n`);
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
  process.stderr.write('The two passwords differ. Type them again.\n');
  return askPassword();
}

/** Reads a line without showing it. */
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
  throw new Error('standard input is empty; write the password to its first line');
}

/** Returns the message that a client of the API would get. */
function explain(error: Error & { validation?: unknown }): string {
  const { message, errors } = error.validation
    ? toProblem(error as FastifyError)
    : (error as Problem);
  return errors?.map(({ path, message }) => `${path.slice(1)} ${message}`).join('; ') ?? message;
}
