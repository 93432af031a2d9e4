export interface MailTables {
  mails: MailsTable;
}

/** Mails that have not been sent. They hold no secret: a link is made when its mail is sent. */
interface MailsTable {
  id: string;
  kind: string;
  /** A JSON object of texts. */
  data: string;
  /** SHA-256 of what only one waiting mail may be about. */
  subject_key: Buffer | null;
  /** Attempts that have begun. */
  attempts: number;
  /** Time of the next attempt, by the clock of the database; during one, the time at which it counts as failed. */
  due_at: number;
  created_at: number;
}
