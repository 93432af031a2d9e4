import { randomBytes } from 'node:crypto';
import { isProblem, Tally } from '../../../generated-client/dist/index.js';
import type { Run } from './steps.ts';

/** Names and passwords that are given or made for the run. */
export interface Credentials {
  username: string;
  password: string;
}

export interface Server {
  url: string;
  administrator: Credentials | undefined;
}

/** Everything that the steps share. */
export interface World {
  run: Run;
  url: string;
  /** Text that makes names unique. */
  unique: string;
  /** A customer with an account, signed in. */
  customer: Tally;
  credentials: Credentials;
  /** Signed in with the scope `sum`: a guest, or in the mode "accounts" the customer. */
  summer: Tally;
  administrator: Tally | undefined;
  /** Returns the path of an address of the server, which may know itself by another name, at its address of this run. */
  local(address: string): string;
}

/** Registers the customer, and signs everybody in. */
export async function signIn(
  run: Run,
  url: string,
  administrator: Credentials | undefined,
): Promise<World> {
  const unique = `e2e-${randomBytes(6).toString('hex')}`;
  const credentials = { username: unique, password: randomBytes(12).toString('hex') };
  const customer = new Tally({ baseUrl: url });
  await run.step('is ready', () => customer.health.checkReadiness());
  await run.step('registers an account, and signs in to it', async () => {
    await customer.accounts.register({ ...credentials, email: `${unique}@example.com` });
    await customer.login(credentials);
  });
  run.onEnd(() => customer.accounts.deleteOwn({ password: credentials.password }));
  const summer = await run.step('gets a token at POST /auth', () => authenticate(url, credentials));
  const local = (address: string) => {
    const { pathname, search } = new URL(address);
    return `${url}${pathname}${search}`;
  };
  const world = { run, url, unique, customer, credentials, summer, local };
  if (!administrator) {
    const reason = 'E2E_ADMIN_USERNAME and E2E_ADMIN_PASSWORD are not set';
    run.skip('what needs an administrator', reason);
    return { ...world, administrator: undefined };
  }
  const signedIn = new Tally({ baseUrl: url });
  await run.step('signs in as an administrator', () => signedIn.login(administrator));
  run.onEnd(() => signedIn.logout());
  return { ...world, administrator: signedIn };
}

/** Gets a token for anyone or, where only accounts get them, for the account. */
async function authenticate(url: string, credentials: Credentials): Promise<Tally> {
  const tally = new Tally({ baseUrl: url });
  try {
    await tally.authenticate(`${credentials.username}-guest`, 'any');
  } catch (error) {
    if (!isProblem(error, 'invalid_credentials')) throw error;
    await tally.authenticate(credentials.username, credentials.password);
  }
  return tally;
}
