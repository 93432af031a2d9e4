import { fileURLToPath } from 'node:url';
import { SERVER, type ServerProcess, startServerProcess } from '../../test/helpers/process.ts';
import { post } from './requests.ts';

/** A server to measure, and the headers of requests to it. */
export interface Contender extends ServerProcess {
  name: string;
  headers: Record<string, string>;
}

/** Settings that turn all limits on requests off. */
export const NO_RATES = {
  RATE_PER_TOKEN: '0',
  RATE_PER_ADDRESS: '0',
  RATE_SIGN_IN: '0',
  RATE_GUEST_TOKENS: '0',
  RATE_SEARCHES: '0',
};

/** Starts Tally without a log of requests, because the others have none. */
export async function startTally(
  environment: Record<string, string> = {},
  command = SERVER,
): Promise<Contender> {
  const settings = { LOG_LEVEL: 'warn', ...environment };
  return contender('tally', await startServerProcess(settings, command));
}

/** Starts Tally, with the token of a guest among the headers. */
export async function startTallyForGuest(
  environment: Record<string, string> = {},
  command = SERVER,
): Promise<Contender> {
  const tally = await startTally(environment, command);
  const { access_token } = await post(`${tally.url}/auth`, { username: 'b', password: 'b' });
  tally.headers.authorization = `Bearer ${access_token}`;
  return tally;
}

/** Starts a program of `contenders/` with these arguments. */
export async function startOther(file: string, ...args: string[]): Promise<Contender> {
  const path = fileURLToPath(new URL(`../contenders/${file}`, import.meta.url));
  const command = [process.execPath, path, ...args] as [string, ...string[]];
  return contender(args[0] ?? file, await startServerProcess({}, command, '/health/live'));
}

function contender(name: string, server: ServerProcess): Contender {
  server.child.stderr!.pipe(process.stderr);
  const url = `http://127.0.0.1:${server.port}`;
  return { ...server, url, name, headers: { 'content-type': 'application/json' } };
}
