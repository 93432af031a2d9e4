import { type Kysely, type Selectable, sql } from 'kysely';
import { databaseNow } from '../database/clock.ts';
import { type DatabaseKind, integer } from '../database/database.ts';
import type { MailTables } from './tables.ts';

type MailRow = Pick<
  Selectable<MailTables['mails']>,
  'id' | 'kind' | 'data' | 'attempts' | 'created_at'
>;

export type MailRepository = ReturnType<typeof createMailRepository>;

/** Mails that wait. Times in milliseconds. */
export function createMailRepository(db: Kysely<MailTables>, kind: DatabaseKind) {
  const now = databaseNow(kind);
  const after = (ms: number) => sql<number>`${now} + ${integer(kind, ms)}`;

  return {
    /** Adds a mail that is due now. If one with its subject waits, it gets the new data, so that both take the same time. */
    async add(mail: { id: string; kind: string; data: string; subject_key: Buffer | null }) {
      const row = { ...mail, attempts: 0, due_at: now, created_at: now };
      const insert = db.insertInto('mails').values(row);
      const { data } = mail;
      const once =
        kind === 'mysql'
          ? insert.onDuplicateKeyUpdate({ data })
          : insert.onConflict((conflict) => conflict.column('subject_key').doUpdateSet({ data }));
      await once.execute();
    },

    /** Takes mails that are due for an attempt, which counts as failed after `ms`. Others get other ones. */
    async take(limit: number, ms: number): Promise<MailRow[]> {
      const due = await db
        .selectFrom('mails')
        .select(['id', 'kind', 'data', 'attempts', 'created_at'])
        .where('due_at', '<=', now)
        .orderBy('due_at')
        .orderBy('id')
        .limit(limit)
        .execute();
      const taken: MailRow[] = [];
      for (const mail of due) {
        const { numUpdatedRows } = await db
          .updateTable('mails')
          .set({ attempts: mail.attempts + 1, due_at: after(ms) })
          .where('id', '=', mail.id)
          .where('attempts', '=', mail.attempts)
          .executeTakeFirstOrThrow();
        if (numUpdatedRows > 0n) taken.push({ ...mail, attempts: mail.attempts + 1 });
      }
      return taken;
    },

    /** Lets a mail wait for its next attempt. */
    async postpone(id: string, ms: number): Promise<void> {
      await db
        .updateTable('mails')
        .set({ due_at: after(ms) })
        .where('id', '=', id)
        .execute();
    },

    async remove(id: string): Promise<void> {
      await db.deleteFrom('mails').where('id', '=', id).execute();
    },
  };
}
