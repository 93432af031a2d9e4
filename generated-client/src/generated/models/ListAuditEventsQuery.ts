// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * The query of a list.
 */
export type ListAuditEventsQuery = {
  /**
   * Number of the page, from 1, which is the default.
   */
  page?: number;
  /**
   * In place of `page`: the `after` of the page before.
   */
  after?: string;
  /**
   * Entries per page.
   */
  limit?: number;
  /**
   * Only events of this account.
   */
  subject?: string;
  /**
   * Only events of this kind.
   */
  action?: 'account_created' | 'account_changed' | 'account_deleted' | 'signed_in' | 'sign_in_failed' | 'sign_in_refused' | 'locked_out' | 'signed_out' | 'session_ended' | 'refresh_token_reused' | 'password_changed' | 'password_change_failed' | 'password_reset_requested' | 'password_reset' | 'confirmation_failed' | 'role_changed' | 'tier_changed' | 'account_disabled' | 'account_enabled';
};
