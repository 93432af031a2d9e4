import type { Database } from '../../../database/database.ts';
import type { FindSession, SignedInAccount } from '../../../http/secured.ts';
import { scopesOf } from '../roles.ts';
import type { AccountTables } from '../tables.ts';
import { prepareSessionLookup, type SessionOwner } from './repository.ts';

interface Waiting {
  sessionId: string;
  resolve(account: SignedInAccount | undefined): void;
  reject(error: unknown): void;
}

/** Sessions that one statement asks for; fewer are padded, so that there are few statements. */
const BATCH_SIZES = [1, 4, 16, 64];

/**
 * Batches session lookups: requests that arrive in the same event-loop turn share one query, which starts after
 * all of them, so that each sees current data.
 */
export function createSessionFinder(
  { db }: Database<AccountTables>,
  { sessionIdleTime }: { sessionIdleTime: number },
): FindSession {
  const statements = new Map(BATCH_SIZES.map((size) => [size, prepareSessionLookup(db, size)]));
  let waiting: Waiting[] = [];

  async function lookUp(batch: Waiting[]): Promise<void> {
    const size = BATCH_SIZES.find((candidate) => candidate >= batch.length)!;
    const now = Date.now();
    const ids = Array.from({ length: size }, (_, index) => batch[index % batch.length]!.sessionId);
    try {
      const values = { ...ids, now, idleSince: now - sessionIdleTime };
      const { rows } = await statements.get(size)!(db, values);
      const found = new Map(rows.map((row) => [row.sessionId, toAccount(row)]));
      for (const { sessionId, resolve } of batch) resolve(found.get(sessionId));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  function lookUpAll(): void {
    const all = waiting;
    waiting = [];
    const most = BATCH_SIZES.at(-1)!;
    for (let start = 0; start < all.length; start += most) {
      void lookUp(all.slice(start, start + most));
    }
  }

  return (sessionId) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(lookUpAll);
      waiting.push({ sessionId, resolve, reject });
    });
}

function toAccount(found: SessionOwner): SignedInAccount {
  return { ...found, username: found.username!, scopes: scopesOf(found.role) };
}
