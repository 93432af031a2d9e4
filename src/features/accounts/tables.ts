/** Times are milliseconds since 1970; keys and hashes are SHA-256. */
export interface AccountTables {
  accounts: AccountsTable;
  sessions: SessionsTable;
  refresh_tokens: RefreshTokensTable;
  spent_attempts: SpentAttemptsTable;
  attempt_locks: AttemptLocksTable;
  account_secrets: AccountSecretsTable;
  audit_events: AuditEventsTable;
  password_resets: PasswordResetsTable;
}

/** A deleted account keeps its row: `username_key` stays taken; names, e-mail address and password are erased. */
export interface AccountsTable {
  id: string;
  username: string | null;
  /** Of the user name regardless of case. */
  username_key: Buffer;
  email: string | null;
  /** Of the e-mail address regardless of case. */
  email_key: Buffer | null;
  first_name: string;
  last_name: string;
  /** The text that searches look into: names and addresses regardless of case. */
  search_text: string;
  role: string;
  tier: string;
  /** A PHC string. */
  password_hash: string | null;
  created_at: number;
  disabled_at: number | null;
  deleted_at: number | null;
}

/** A session that has ended has no row. */
export interface SessionsTable {
  id: string;
  account_id: string;
  created_at: number;
  used_at: number;
  /** The time at which it ends, however much it is used. */
  expires_at: number;
  user_agent: string;
  /** Empty where it is not known. */
  address: string;
}

/** Used ones stay as long as their session, so that their reuse is noticed. */
interface RefreshTokensTable {
  hash: Buffer;
  session_id: string;
  /** The token that was exchanged for this one. */
  parent_hash: Buffer | null;
  /** The time of its first exchange for another. */
  used_at: number | null;
}

/** Attempts that count against a limit. One to sign in has a row for its account and one for its address. */
export interface SpentAttemptsTable {
  /** The limit that it counts against: of an account, or of an address. */
  key: string;
  /** The account, or a name that no account has. */
  subject: string;
  id: string;
  /** 1 until it is known whether it failed. */
  pending: number;
  at: number;
  counts_until: number;
}

/** A row for each key of a limit, which is locked while its attempts are counted. */
interface AttemptLocksTable {
  key: string;
  used_at: number;
}

interface AccountSecretsTable {
  name: string;
  secret: Buffer;
}

export interface AuditEventsTable {
  id: string;
  at: number;
  action: string;
  /** The account that it happened to. */
  subject_id: string | null;
  /** The account that did it. */
  actor_id: string | null;
  /** Empty where it is not known. */
  address: string;
  request_id: string;
  /** A JSON object. */
  details: string;
}

/** Links with which an account's password can be set, each once. */
export interface PasswordResetsTable {
  /** Of the token in the link, which is stored nowhere. */
  hash: Buffer;
  account_id: string;
  /** The mail that it was made for. Each attempt to send a mail makes a link. */
  mail_id: string;
  created_at: number;
  /** The time from which it does not work, because it was used, or its account has changed. */
  ended_at: number | null;
}
