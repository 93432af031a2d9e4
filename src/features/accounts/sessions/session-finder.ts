import { batchCalls, paddedSet } from '../../../batch-calls.ts';
import type { Database } from '../../../database/database.ts';
import type { FindSession, SignedInAccount } from '../../../http/secured.ts';
import { scopesOf } from '../roles.ts';
import type { AccountTables } from '../tables.ts';
import { prepareSessionLookup, type SessionOwner } from './repository.ts';

/** Most sessions that one statement asks for. */
const MAX_BATCH = 64;

/** Batches session lookups: requests that arrive in the same event-loop turn share one query. */
export function createSessionFinder(
  { db }: Database<AccountTables>,
  { sessionIdleTime }: { sessionIdleTime: number },
): FindSession {
  const statements = new Map<number, ReturnType<typeof prepareSessionLookup>>();
  const lookUp = batchCalls(MAX_BATCH, async (sessionIds: readonly string[]) => {
    const ids = paddedSet(sessionIds);
    const statement = statements.get(ids.length) ?? prepareSessionLookup(db, ids.length);
    statements.set(ids.length, statement);
    const now = Date.now();
    const { rows } = await statement(db, { ...ids, now, idleSince: now - sessionIdleTime });
    return new Map(rows.map((row) => [row.sessionId, toAccount(row)]));
  });
  return async (sessionId) => (await lookUp(sessionId)).get(sessionId);
}

function toAccount(found: SessionOwner): SignedInAccount {
  return { ...found, username: found.username!, scopes: scopesOf(found.role) };
}
