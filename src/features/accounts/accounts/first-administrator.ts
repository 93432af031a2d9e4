import { readFileSync } from 'node:fs';
import type { FastifyBaseLogger } from 'fastify';
import { commandLine } from '../../../command-line.ts';
import { ConfigError, readSetting } from '../../../config-error.ts';
import { Problem } from '../../../http/problem.ts';
import { accountProblems } from '../problems.ts';
import type { Store } from '../store.ts';
import type { Register } from './registration.ts';
import { validateNewAccount } from './validate-new-account.ts';

interface FirstAdministratorDeps {
  store: Pick<Store, 'accounts'>;
  register: Register;
  /** The address, and the file with the password; both may be empty. */
  settings: { email: string; passwordFile: string };
  log: FastifyBaseLogger;
}

/**
 * Registers the administrator that the settings name, if there is none at all; says how to make one if they name none.
 * Several servers may start at once. The password's file is not read otherwise.
 *
 * @throws {ConfigError} if the account cannot be registered
 */
export async function ensureAdministrator(deps: FirstAdministratorDeps): Promise<void> {
  const { store, register, settings, log } = deps;
  if (await store.accounts.hasAdministrator()) return;
  const { email, passwordFile } = settings;
  if (!email) {
    const command = commandLine('create-admin');
    return log.info(`there is no administrator; ${command} makes one, also while this runs`);
  }
  const advice = 'set it to a file that this user may read, with the password as its first line';
  const password = readSetting('ADMIN_PASSWORD_FILE', advice, () => firstLineOf(passwordFile));
  const account = { email, password };
  try {
    validateNewAccount(account);
    await register(account, { address: null, requestId: 'ADMIN_EMAIL' }, { role: 'admin' });
    log.info('the administrator of ADMIN_EMAIL is registered');
  } catch (error) {
    // Another server was faster.
    if (await store.accounts.hasAdministrator()) return;
    throw explain(error);
  }
}

function firstLineOf(path: string): string {
  // Editors may put a byte order mark in front.
  const [line = ''] = readFileSync(path, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/, 1);
  if (line === '') throw new Error('it is empty');
  return line;
}

/** Returns an error that names the setting to change. */
function explain(error: unknown): unknown {
  const { validation } = error as { validation?: { instancePath: string }[] };
  if (validation) {
    const isAddress = validation[0]!.instancePath === '/email';
    return new ConfigError(
      isAddress
        ? 'ADMIN_EMAIL must be an e-mail address, without spaces'
        : 'ADMIN_PASSWORD_FILE: the first line is not text, or too long',
    );
  }
  if (!(error instanceof Problem) || error.status >= 500) return error;
  if (error.code !== accountProblems.emailTaken.code) {
    return new ConfigError(`ADMIN_PASSWORD_FILE: ${error.message}`);
  }
  return new ConfigError(
    `ADMIN_EMAIL is the address of an account that is no administrator; set another one, or run ${commandLine('create-admin')}`,
  );
}
