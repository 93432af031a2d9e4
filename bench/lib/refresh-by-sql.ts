import { hash, randomBytes } from 'node:crypto';
import type { Driver } from './driver.ts';

const SELECT = `select sessions.*, refresh_tokens.used_at as token_used_at, accounts.username, accounts.role, accounts.disabled_at
  from refresh_tokens
  join sessions on sessions.id = refresh_tokens.session_id
  join accounts on accounts.id = sessions.account_id
  where refresh_tokens.hash = ?`;
const TOUCH = 'update sessions set used_at = ? where id = ?';
const SPEND = 'update refresh_tokens set used_at = ? where hash = ? and used_at is null';
const ADD =
  'insert into refresh_tokens (hash, session_id, parent_hash, used_at) values (?, ?, ?, null)';
const UNUSED = 'select session_id, hash from refresh_tokens where used_at is null limit 8';

/** Returns a function that runs the statements of a refresh, with a session of its own for each worker. */
export async function refreshBySql(driver: Driver): Promise<(worker: number) => Promise<void>> {
  const tokens = (await driver.run(UNUSED, [])) as { session_id: string; hash: Buffer }[];
  return async (worker) => {
    const token = tokens[worker % tokens.length]!;
    const next = hash('sha256', randomBytes(32).toString('base64url'), 'buffer');
    await driver.run(SELECT, [token.hash]);
    await driver.transaction(async (run) => {
      await run(TOUCH, [Date.now(), token.session_id]);
      await run(SPEND, [Date.now(), token.hash]);
      await run(ADD, [next, token.session_id, token.hash]);
    });
    token.hash = next;
  };
}
