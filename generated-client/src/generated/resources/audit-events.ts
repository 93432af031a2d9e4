// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { AuditEvent } from '../models/AuditEvent.js';
import type { AuditEventPage } from '../models/AuditEventPage.js';
import type { ListAuditEventsQuery } from '../models/ListAuditEventsQuery.js';
import {
  listAuditEvents,
} from '../operations/audit-events.js';
import { Resource, type PageCall, type CallOptions } from '../../resource.js';

/** The operations of `auditEvents`. */
export class AuditEventsResource extends Resource {
  /**
   * List what happened to accounts.
   *
   * For administrators. Sign-ins, failures, lockouts, changes; the newest first.
   *
   * @param query Filters, and the part of the list.
   * @returns A page of events. Iterate over the call for all entries.
   * @throws {ApiError} `insufficient_scope`, `invalid_token`, `missing_token`, `session_ended`, `token_expired`,
   * `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`,
   * `overloaded`, `validation_failed`.
   */
  list(query: ListAuditEventsQuery = {}, options?: CallOptions): PageCall<AuditEventPage, AuditEvent> {
    return this.pages(listAuditEvents(), query, options);
  }
}
