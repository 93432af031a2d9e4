import { type Insertable, type Kysely, sql } from 'kysely';
import type { DatabaseKind } from '../../../database/database.ts';
import { prepare } from '../../../database/prepare.ts';
import type { AccountTables, SpentAttemptsTable } from '../tables.ts';

/** The attempts that count against the limit of one key. */
export interface Usage {
  /** Subjects that have failed, or have an attempt that is pending. */
  subjects: number;
  /** Subjects that have failed. */
  failedSubjects: number;
  failures: number;
  pending: number;
  /** Time of the last failure; 0 if there is none. */
  failedAt: number;
  /** Until when the failure counts that counts longest; 0 if there is none. */
  latest: number;
  /** The same, of the failures of one subject. */
  latestOfSubject: number;
  /** Until when the failure counts that counts shortest; 0 if there is none. */
  earliest: number;
}

/**
 * What is dated later than this from now, in milliseconds, was stored before the clock was set back, and
 * does not count. Clocks of several servers may differ by less.
 */
export const CLOCK_TOLERANCE = 60_000;

export type AttemptRepository = ReturnType<typeof createAttemptRepository>;
export type AttemptStatements = ReturnType<typeof prepareAttemptStatements>;

/** What runs at every sign-in. */
export function prepareAttemptStatements(db: Kysely<AccountTables>, kind: DatabaseKind) {
  return {
    lock: prepare((values: { key: string; now: number }) => {
      const row = db.insertInto('attempt_locks').values({ key: values.key, used_at: values.now });
      return kind === 'mysql'
        ? row.onDuplicateKeyUpdate({ used_at: values.now })
        : row.onConflict((conflict) => conflict.column('key').doUpdateSet({ used_at: values.now }));
    }),

    add: prepare((row: Insertable<SpentAttemptsTable>) =>
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
          failed(sql`max`, 'at').as('failedAt'),
          failed(sql`max`, 'counts_until').as('latest'),
          failed(sql`min`, 'counts_until').as('earliest'),
          sql<number>`max(case when pending = 0 and subject = ${values.subject} then counts_until end)`.as(
            'latestOfSubject',
          ),
        ]),
    ),

    forgive: prepare((values: { account: string; address: string; subject: string; id: string }) =>
      db
        .deleteFrom('spent_attempts')
        .where('key', 'in', [values.account, values.address])
        .where('subject', '=', values.subject)
        .where((eb) => eb.or([eb('pending', '=', 0), eb('id', '=', values.id)])),
    ),
  };
}

const failed = (aggregate: ReturnType<typeof sql>, column: 'at' | 'counts_until') =>
  sql<number | null>`${aggregate}(case when pending = 0 then ${sql.ref(column)} end)`;

export interface Spent {
  key: string;
  subject: string;
  id: string;
}

export function createAttemptRepository(
  db: Kysely<AccountTables>,
  kind: DatabaseKind,
  statements: AttemptStatements,
) {
  const rows = ({ key, subject, id }: Spent) => ({ key, subject, id });

  return {
    /** Keeps others from spending attempts of a key until the end of the transaction. */
    async lock(key: string, now: number): Promise<void> {
      // A transaction of SQLite locks everything from its start.
      if (kind !== 'sqlite') await statements.lock(db, { key, now });
    },

    async usage(key: string, subject: string, now: number): Promise<Usage> {
      const values = { key, subject, now, newest: now + CLOCK_TOLERANCE };
      const found = (await statements.usage(db, values)).rows[0]!;
      return Object.fromEntries(
        Object.entries(found).map(([name, value]) => [name, Number(value ?? 0)]),
      ) as unknown as Usage;
    },

    async add(attempt: Spent, at: number, countsUntil: number, pending: boolean): Promise<void> {
      const row = { ...rows(attempt), pending: pending ? 1 : 0, at, counts_until: countsUntil };
      await statements.add(db, row);
    },

    /** A pending attempt has failed. It is stored anew where it has been swept meanwhile. */
    async fail(attempt: Spent, at: number, countsUntil: number): Promise<void> {
      await this.remove(attempt);
      await this.add(attempt, at, countsUntil, false);
    },

    /** Removes an attempt, which was none. */
    async remove({ key, subject, id }: Spent): Promise<void> {
      await db
        .deleteFrom('spent_attempts')
        .where('key', '=', key)
        .where('subject', '=', subject)
        .where('id', '=', id)
        .execute();
    },

    /** Removes what a subject has failed, for itself and for one address, but not what is pending elsewhere. */
    async forgive(account: Spent, address: Spent): Promise<void> {
      const { subject, id } = account;
      await statements.forgive(db, { account: account.key, address: address.key, subject, id });
    },

    async removeForgotten(now: number): Promise<void> {
      await db.deleteFrom('spent_attempts').where('counts_until', '<=', now).execute();
      await db
        .deleteFrom('attempt_locks')
        .where('used_at', '<=', now - CLOCK_TOLERANCE)
        .execute();
    },
  };
}
