import type { Kysely, Selectable } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { countOf } from '../../../database/count.ts';
import type { DatabaseKind } from '../../../database/database.ts';
import { type Slice, sliceOfRows } from '../../../database/keyset.ts';
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
  'password_reset_requested',
  'password_reset',
  'confirmation_failed',
  'role_changed',
  'tier_changed',
  'account_disabled',
  'account_enabled',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** The origin of a request. */
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
  /** Further facts; never a secret. */
  details?: Record<string, string>;
}

interface AuditEventFilter {
  subjectId?: string | undefined;
  action?: string | undefined;
}

/** Events that one statement deletes. */
const BATCH_SIZE = 1000;

export type AuditEventRow = Selectable<AuditEventsTable>;
type AuditEventStatements = ReturnType<typeof prepareAuditEventStatements>;

/** Prepares the statement of every sign-in. */
export function prepareAuditEventStatements(db: Kysely<AccountTables>) {
  return {
    add: prepare((values: AuditEventRow) =>
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

export function createAuditEventRepository(
  db: Kysely<AccountTables>,
  kind: DatabaseKind,
  statements: AuditEventStatements,
) {
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

    /** Returns the number of events of an account since a time. */
    async count(subjectId: string, action: AuditAction, since: number): Promise<number> {
      return countOf(
        db
          .selectFrom('audit_events')
          .where('subject_id', '=', subjectId)
          .where('id', '>=', firstIdOf(since))
          .where('action', '=', action),
      );
    },

    /** Deletes events in batches, so that no statement takes long. */
    async deleteBefore(time: number): Promise<void> {
      const limit = firstIdOf(time);
      for (let isLast = false; !isLast; ) {
        const next = await db
          .selectFrom('audit_events')
          .where('id', '<', limit)
          .select('id')
          .orderBy('id')
          .limit(1)
          .offset(BATCH_SIZE)
          .executeTakeFirst();
        isLast = next === undefined;
        await db
          .deleteFrom('audit_events')
          .where('id', '<', next?.id ?? limit)
          .execute();
      }
    },

    /** Returns a slice of the events that pass a filter, and the count of all. */
    async list({ subjectId, action }: AuditEventFilter, slice: Slice) {
      let events = db.selectFrom('audit_events');
      if (subjectId !== undefined) events = events.where('subject_id', '=', subjectId);
      if (action !== undefined) events = events.where('action', '=', action);
      const rows = sliceOfRows(events.selectAll(), kind, slice);
      return { count: await countOf(events), rows: await rows.execute() };
    },
  };
}

/**
 * Returns the least id of a time: a UUIDv7 begins with its time (RFC 9562 section 5.7), so all ids of
 * that time and later are greater.
 */
function firstIdOf(time: number): string {
  const digits = Math.max(0, Math.floor(time)).toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}`;
}
