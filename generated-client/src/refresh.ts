import type { SessionTokens } from './generated/models/SessionTokens.js';
import { refreshSession } from './generated/operations/accounts.js';
import type { Settings } from './options.js';
import { isSessionTokens } from './token-store.js';
import { Transport } from './transport.js';

/** Time-out of a refresh, short enough for one more attempt while the server still accepts the old token. */
const REFRESH_TIMEOUT_MS = 10_000;

/** Exchanges a refresh token, with the settings of the client as it was created: calls that share it differ in theirs. */
export async function refresh(settings: Settings, refreshToken: string): Promise<SessionTokens> {
  const timeout = Math.min(settings.timeout, REFRESH_TIMEOUT_MS);
  const transport = new Transport({ ...settings, timeout }, { accepts: isSessionTokens });
  const operation = refreshSession({ refresh_token: refreshToken });
  return (await transport.send(operation)).data;
}
