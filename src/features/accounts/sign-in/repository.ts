import { type Insertable, type Kysely, sql } from 'kysely';
import type { DatabaseKind } from '../../../database/database.ts';
import { prepare } from '../../../database/prepare.ts';
import type { AccountTables, SpentAttemptsTable } from '../tables.ts';

/** Identifies an attempt that counts against a limit. */
export interface Reservation {
  /** The limit: of an account, or of an address. */
  key: string;
  /** The account, or the key of a name that no account has. */
  subject: string;
  id: string;
}

/** The attempts that count against a limit. Times are 0 where there is no failure. */
export interface Usage {
  /** Subjects that failed or have a pending attempt. */
  subjects: number;
  failedSubjects: number;
  failures: number;
  pending: number;
  /** Time of the last failure. */
  failedAt: number;
  /** Times until which the failures count: the first, the last, and the last of one subject. */
  earliest: number;
  latest: number;
  latestOfSubject: number;
}

/**
 * Attempts dated further into the future do not count: they were stored before the clock was set back.
 * Clocks of several servers must differ by less.
 */
const CLOCK_TOLERANCE_MS = 60_000;

type AttemptStatements = ReturnType<typeof prepareAttemptStatements>;

/** Prepares the statements of every sign-in. */
export function prepareAttemptStatements(db: Kysely<AccountTables>, kind: DatabaseKind) {
  return {
    lock: prepare((values: { key: string; now: number }) => {
      const row = db.insertInto('attempt_locks').values({ key: values.key, used_at: values.now });
      return kind === 'mysql'
        ? row.onDuplicateKeyUpdate({ used_at: values.now })
        : row.onConflict((conflict) => conflict.column('key').doUpdateSet({ used_at: values.now }));
    }),

    insert: prepare((row: Insertable<SpentAttemptsTable>) =>
      db.insertInto('spent_attempts').values({
        key: row.key,
        subject: row.subject,
        id: row.id,
        pending: row.pending,
        at: row.at,
        counts_until: row.counts_until,
      }),
    ),

    usage: prepare((values: { key: string; subject: string; now: number; newest: number }) =>
      db
        .selectFrom('spent_attempts')
        .where('key', '=', values.key)
        .where('counts_until', '>', values.now)
        .where('at', '<=', values.newest)
        .select(({ fn }) => [
          fn.count('subject').distinct().as('subjects'),
          sql<number>`count(distinct case when pending = 0 then subject end)`.as('failedSubjects'),
          sql<number>`sum(1 - pending)`.as('failures'),
          sql<number>`sum(pending)`.as('pending'),
          sql<number>`max(case when pending = 0 then at end)`.as('failedAt'),
          sql<number>`min(case when pending = 0 then counts_until end)`.as('earliest'),
          sql<number>`max(case when pending = 0 then counts_until end)`.as('latest'),
          sql<number>`max(case when pending = 0 and subject = ${values.subject} then counts_until end)`.as(
            'latestOfSubject',
          ),
        ]),
    ),

    clear: prepare((values: { account: string; address: string; subject: string; id: string }) =>
      db
        .deleteFrom('spent_attempts')
        .where('key', 'in', [values.account, values.address])
        .where('subject', '=', values.subject)
        .where((eb) => eb.or([eb('pending', '=', 0), eb('id', '=', values.id)])),
    ),
  };
}

export function createAttemptRepository(
  db: Kysely<AccountTables>,
  kind: DatabaseKind,
  statements: AttemptStatements,
) {
  async function insert(
    { key, subject, id }: Reservation,
    pending: 0 | 1,
    at: number,
    until: number,
  ) {
    await statements.insert(db, { key, subject, id, pending, at, counts_until: until });
  }

  async function remove({ key, subject, id }: Reservation): Promise<void> {
    const attempts = db.deleteFrom('spent_attempts').where('key', '=', key);
    await attempts.where('subject', '=', subject).where('id', '=', id).execute();
  }

  return {
    /** Keeps others from attempts of a key until the end of the transaction. */
    async lock(key: string, now: number): Promise<void> {
      // A transaction of SQLite locks everything from its start.
      if (kind !== 'sqlite') await statements.lock(db, { key, now });
    },

    async usage({ key, subject }: Omit<Reservation, 'id'>, now: number): Promise<Usage> {
      const values = { key, subject, now, newest: now + CLOCK_TOLERANCE_MS };
      const found = (await statements.usage(db, values)).rows[0]!;
      return Object.fromEntries(
        Object.entries(found).map(([name, value]) => [name, Number(value ?? 0)]),
      ) as unknown as Usage;
    },

    /** Adds an attempt that counts until its outcome is known, or until the given time. */
    reserve: (attempt: Reservation, now: number, until: number) => insert(attempt, 1, now, until),

    /** Turns a reservation into a failure. One that was swept meanwhile is stored anew. */
    async fail(attempt: Reservation, now: number, until: number): Promise<void> {
      await remove(attempt);
      await insert(attempt, 0, now, until);
    },

    remove,

    /** Removes an attempt and the failures of its subject under two limits; reservations of others stay. */
    async clear({ key, subject, id }: Reservation, address: string): Promise<void> {
      await statements.clear(db, { account: key, address, subject, id });
    },

    /** Removes the failures of an account under its own limit; reservations stay. */
    async removeFailures(accountId: string): Promise<void> {
      const attempts = db.deleteFrom('spent_attempts').where('key', '=', `account:${accountId}`);
      await attempts.where('pending', '=', 0).execute();
    },

    async deleteExpired(now: number): Promise<void> {
      await db.deleteFrom('spent_attempts').where('counts_until', '<=', now).execute();
      const unused = now - CLOCK_TOLERANCE_MS;
      await db.deleteFrom('attempt_locks').where('used_at', '<=', unused).execute();
    },
  };
}
