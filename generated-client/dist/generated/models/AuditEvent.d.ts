/**
 * Something that matters to the security of an account.
 */
export type AuditEvent = {
    /**
     * A UUIDv7.
     */
    id: string;
    /**
     * When it happened.
     */
    created: string;
    /**
     * What happened.
     */
    action: 'account_created' | 'account_changed' | 'account_deleted' | 'signed_in' | 'sign_in_failed' | 'sign_in_refused' | 'locked_out' | 'signed_out' | 'session_ended' | 'refresh_token_reused' | 'password_changed' | 'password_change_failed' | 'password_reset_requested' | 'password_reset' | 'confirmation_failed' | 'role_changed' | 'tier_changed' | 'account_disabled' | 'account_enabled';
    /**
     * The account that it happened to; null if there is no such account.
     */
    subject: string | null;
    /**
     * The account that did it; null if nobody was signed in.
     */
    actor: string | null;
    /**
     * The IP address of the request; null if it is not known.
     */
    address: string | null;
    /**
     * As in X-Request-Id and the log.
     */
    request_id: string;
    /**
     * Further facts.
     */
    details: Record<string, string>;
};
