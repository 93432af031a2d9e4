import { type Kysely, type RawBuilder, sql } from 'kysely';
import { type DatabaseKind, integer } from '../../../database/database.ts';
import { prepare } from '../../../database/prepare.ts';
import type { AccountTables, AttemptsTable } from '../../../database/tables/accounts.ts';

/** Whose attempts are counted, and how many are free of delays. */
export interface AttemptKey {
  key: string;
  allowance: number;
}

/** The wait after each failure from the last free one on, in milliseconds; the last holds for all that follow. */
const DELAYS = [15, 30, 60, 120, 240, 480, 900].map((seconds) => seconds * 1000);
/** Without an attempt for so long, all is forgotten; in milliseconds. */
const FORGET_AFTER = 24 * 3_600_000;
/** An attempt that takes longer has been broken off; in milliseconds. */
const STALE_AFTER = 60_000;

export type AttemptRepository = ReturnType<typeof createAttemptRepository>;

export type AttemptStatements = ReturnType<typeof prepareAttemptStatements>;

interface SpendValues extends AttemptKey {
  now: number;
  forgotten: number;
  stale: number;
  /** What a new counter is made with. */
  remaining: number;
  blocked: number;
}

/** What runs at every sign-in. */
export function prepareAttemptStatements(db: Kysely<AccountTables>, kind: DatabaseKind) {
  const row = (key: string) => db.updateTable('attempts').where('key', '=', key);
  const number = (value: number) => integer(kind, value);

  /** In this order: MySQL reads, in an assignment, what those before it have set. */
  const spending = ({ allowance, now, forgotten, stale }: SpendValues) => {
    const left = sql<number>`case when ${old('updated_at')} <= ${number(forgotten)} then ${number(allowance)} else ${old('remaining')} end`;
    return {
      blocked_until: sql<number>`${number(now)} + ${delayAfter(left)}`,
      remaining: sql<number>`${left} - 1`,
      pending: sql<number>`case when ${old('updated_at')} <= ${number(stale)} then 1 else ${old('pending')} + 1 end`,
      updated_at: now,
    };
  };

  return {
    /** PostgreSQL and SQLite do all at once. */
    upsert: prepare((values: SpendValues) =>
      db
        .insertInto('attempts')
        .values({
          key: values.key,
          remaining: values.remaining,
          pending: 1,
          blocked_until: values.blocked,
          updated_at: values.now,
        })
        .onConflict((conflict) =>
          conflict
            .column('key')
            .doUpdateSet(spending(values))
            .where(old('blocked_until'), '<=', values.now),
        ),
    ),

    /** For MySQL. It takes the lock that the update needs; `insert ignore` takes one that deadlocks. */
    create: prepare((values: { key: string; allowance: number; now: number }) =>
      db
        .insertInto('attempts')
        .values({
          key: values.key,
          remaining: values.allowance,
          pending: 0,
          blocked_until: 0,
          updated_at: values.now,
        })
        .onDuplicateKeyUpdate({ key: values.key }),
    ),

    spend: prepare((values: SpendValues) =>
      row(values.key).set(spending(values)).where('blocked_until', '<=', values.now),
    ),

    forgive: prepare((values: AttemptKey) =>
      row(values.key).set({
        blocked_until: 0,
        remaining: sql`${number(values.allowance)} - ${atLeastZero(sql`pending - 1`)}`,
        pending: atLeastZero(sql`pending - 1`),
      }),
    ),

    giveBack: prepare((values: AttemptKey) =>
      row(values.key).set({
        blocked_until: sql`case when remaining >= 0 then 0 else blocked_until end`,
        remaining: sql`remaining + 1`,
        pending: atLeastZero(sql`pending - 1`),
      }),
    ),
  };
}

/** The counters: they change by statements, not by what was read, so that attempts cannot pass together. */
export function createAttemptRepository(
  db: Kysely<AccountTables>,
  kind: DatabaseKind,
  statements: AttemptStatements,
) {
  const row = (key: string) => db.updateTable('attempts').where('key', '=', key);

  return {
    /**
     * Spends one attempt, unless the key is blocked. To be run in a transaction. A key that is new takes
     * the same statements as one that is known, and so the same time.
     */
    async spend({ key, allowance }: AttemptKey, now: number): Promise<boolean> {
      const values = {
        key,
        allowance,
        now,
        forgotten: now - FORGET_AFTER,
        stale: now - STALE_AFTER,
        remaining: allowance - 1,
        blocked: allowance === 1 ? now + DELAYS[0]! : 0,
      };
      if (kind === 'mysql') await statements.create(db, values);
      const spend = kind === 'mysql' ? statements.spend : statements.upsert;
      return (await spend(db, values)).numAffectedRows === 1n;
    },

    async read({ key }: AttemptKey) {
      return db
        .selectFrom('attempts')
        .where('key', '=', key)
        .select(['pending', 'blocked_until', 'updated_at'])
        .executeTakeFirst();
    },

    /** An attempt has failed: it stays spent. */
    async fail({ key }: AttemptKey): Promise<void> {
      await row(key)
        .set({ pending: atLeastZero(sql`pending - 1`) })
        .execute();
    },

    /** An attempt was none, so all is as it was before. */
    async refund({ key }: AttemptKey): Promise<void> {
      await row(key)
        .set({
          blocked_until: 0,
          remaining: sql`remaining + 1`,
          pending: atLeastZero(sql`pending - 1`),
        })
        .execute();
    },

    /** The right password: the account’s failures are forgotten, but for those that are pending. */
    async forgive(key: AttemptKey): Promise<void> {
      await statements.forgive(db, key);
    },

    /** The right password from an address: only this attempt is, or one account would open it for guesses at others. */
    async giveBack(key: AttemptKey): Promise<void> {
      await statements.giveBack(db, key);
    },

    async removeForgotten(now: number): Promise<void> {
      await db
        .deleteFrom('attempts')
        .where('updated_at', '<=', now - FORGET_AFTER)
        .execute();
    },
  };
}

/** The value before the statement. */
const old = (column: keyof AttemptsTable) => sql.ref<number>(`attempts.${column}`);

/** What was broken off is not counted twice. */
const atLeastZero = (count: RawBuilder<unknown>) =>
  sql<number>`case when ${count} > 0 then ${count} else 0 end`;

/** The delay once another attempt is spent. */
function delayAfter(left: RawBuilder<number>): RawBuilder<number> {
  const cases = DELAYS.map(
    (delay, index) => sql`when ${left} > ${sql.lit(-index)} then ${sql.lit(delay)}`,
  );
  return sql`case when ${left} > 1 then 0 ${sql.join(cases, sql` `)} else ${sql.lit(DELAYS.at(-1)!)} end`;
}

/** An attempt that has not ended, and is not broken off, may yet give back what it has spent. */
export function mayGiveBack(row: { pending: number; updated_at: number }, now: number): boolean {
  return row.pending > 0 && row.updated_at > now - STALE_AFTER;
}
