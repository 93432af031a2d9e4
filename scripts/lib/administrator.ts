import { randomBytes } from 'node:crypto';
import { runToEnd } from '../../test/helpers/process.ts';

/** The name and the password of an administrator. */
export interface Administrator {
  username: string;
  password: string;
}

/** Makes an administrator in the database that an environment names. */
export async function createAdministrator(
  environment: Record<string, string>,
): Promise<Administrator> {
  const administrator = { username: 'e2e-admin', password: randomBytes(12).toString('hex') };
  const { username, password } = administrator;
  const names = ['--email', `${username}@example.com`, '--username', username];
  const command = ['src/commands/tally.ts', 'create-admin', ...names];
  const { code, stderr } = await runToEnd(process.execPath, command, environment, `${password}\n`);
  if (code !== 0) throw new Error(`create-admin ended with ${code}: ${stderr}`);
  return administrator;
}
