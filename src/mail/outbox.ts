import { hash } from 'node:crypto';
import type { Kysely } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { DatabaseKind } from '../database/database.ts';
import { createMailRepository } from './repository.ts';

/** A mail to send: the facts that its text is made of when it is sent. Never a secret. */
export interface NewMail {
  kind: string;
  data: Record<string, string>;
  /** While a mail of this kind with this subject waits, another one takes its place. */
  subject?: string;
}

/** Adds mails on a connection, or in a transaction: they are sent after its commit. */
// biome-ignore lint/suspicious/noExplicitAny: features that send mail know only their own tables
export function createOutbox(db: Kysely<any>, databaseKind: DatabaseKind) {
  const mails = createMailRepository(db, databaseKind);
  return {
    async add({ kind, data, subject }: NewMail): Promise<void> {
      const subject_key =
        subject === undefined ? null : hash('sha256', `${kind}\n${subject}`, 'buffer');
      await mails.add({ id: uuidv7(), kind, data: JSON.stringify(data), subject_key });
    },
  };
}
