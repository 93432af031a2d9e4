import type { Kysely, Selectable } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { countOf } from '../../../database/count.ts';
import { prepare } from '../../../database/prepare.ts';
import type { AccountTables, AuditEventsTable } from '../tables.ts';

export const AUDIT_ACTIONS = [
  'account_created',
  'account_changed',
  'account_deleted',
  'signed_in',
  'sign_in_failed',
  'sign_in_refused',
  'locked_out',
  'signed_out',
  'session_ended',
  'refresh_token_reused',
  'password_changed',
  'password_change_failed',
  'confirmation_failed',
  'role_changed',
  'tier_changed',
  'account_disabled',
  'account_enabled',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** Where a request came from. */
export interface Origin {
  /** Null where the request has no valid IP address. */
  address: string | null;
  requestId: string;
}

export interface AuditEvent extends Origin {
  action: AuditAction;
  /** The account that it happened to. */
  subjectId?: string | null;
  /** The account that did it. */
  actorId?: string | null;
  /** What else there is to know, and no secret. */
  details?: Record<string, string>;
}

export interface AuditFilter {
  accountId?: string | undefined;
  action?: string | undefined;
  offset: number;
  limit: number;
}

/** Events that one statement removes. */
const REMOVED_AT_ONCE = 1000;

export type AuditRepository = ReturnType<typeof createAuditRepository>;

export type AuditStatements = ReturnType<typeof prepareAuditStatements>;

export function prepareAuditStatements(db: Kysely<AccountTables>) {
  return {
    add: prepare((values: Selectable<AuditEventsTable>) =>
      db.insertInto('audit_events').values({
        id: values.id,
        at: values.at,
        action: values.action,
        subject_id: values.subject_id,
        actor_id: values.actor_id,
        address: values.address,
        request_id: values.request_id,
        details: values.details,
      }),
    ),
  };
}

export function createAuditRepository(db: Kysely<AccountTables>, statements: AuditStatements) {
  return {
    async add({ action, subjectId, actorId, address, requestId, details }: AuditEvent) {
      await statements.add(db, {
        id: uuidv7(),
        at: Date.now(),
        action,
        subject_id: subjectId ?? null,
        actor_id: actorId ?? null,
        address: address ?? '',
        request_id: requestId,
        details: JSON.stringify(details ?? {}),
      });
    },

    /** Removes events a batch at a time, so that no statement takes long. */
    async removeBefore(time: number): Promise<void> {
      const limit = firstIdOf(time);
      let isRest = false;
      while (!isRest) {
        const batch = await db
          .selectFrom('audit_events')
          .where('id', '<', limit)
          .select('id')
          .orderBy('id')
          .limit(1)
          .offset(REMOVED_AT_ONCE)
          .executeTakeFirst();
        isRest = batch === undefined;
        const end = batch?.id ?? limit;
        await db.deleteFrom('audit_events').where('id', '<', end).execute();
      }
    },

    /** The newest first. */
    async list({ accountId, action, offset, limit }: AuditFilter) {
      let found = db.selectFrom('audit_events');
      if (accountId !== undefined) found = found.where('subject_id', '=', accountId);
      if (action !== undefined) found = found.where('action', '=', action);
      const count = await countOf(found);
      const rows = await found
        .selectAll()
        .orderBy('id', 'desc')
        .limit(limit)
        .offset(offset)
        .execute();
      return { count, rows };
    },
  };
}

/** The part of a UUIDv7 that is its time (RFC 9562 section 5.7): all ids of that time and later are greater. */
function firstIdOf(time: number): string {
  const digits = Math.max(0, Math.floor(time)).toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}`;
}
