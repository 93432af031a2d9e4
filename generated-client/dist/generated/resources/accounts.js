import { registerAccount, listAccounts, getOwnAccount, updateOwnAccount, deleteOwnAccount, changePassword, listSessions, deleteSession, requestPasswordReset, resetPassword, sendPasswordReset, getAccount, updateAccount, } from '../operations/accounts.js';
import { Resource } from '../../resource.js';
/** The operations of `accounts`. */
export class AccountsResource extends Resource {
    /**
     * Register.
     *
     * Creates an account. It is not signed in.
     *
     * @param body An account to register.
     * @returns The account.
     * @throws {ApiError} `too_many_registrations`, `username_taken`, `email_taken`, `weak_password`, `busy`,
     * `idempotency_in_progress`, `idempotency_key_reused`, `body_too_large`, `outcome_unknown`, `malformed_json`,
     * `request_timeout`, `unsupported_content_encoding`, `unsupported_media_type`, `malformed_request`,
     * `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`,
     * `overloaded`, `validation_failed`.
     */
    register(body, options) {
        return this.call(registerAccount(body), options);
    }
    /**
     * List accounts.
     *
     * For administrators. The oldest first.
     *
     * @param query Filters, and the part of the list.
     * @returns A page of accounts. Iterate over the call for all entries.
     * @throws {ApiError} `insufficient_scope`, `invalid_token`, `missing_token`, `session_ended`, `token_expired`,
     * `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`,
     * `overloaded`, `validation_failed`.
     */
    list(query = {}, options) {
        return this.pages(listAccounts(), query, options);
    }
    /**
     * Get your account.
     *
     * The account of the token.
     *
     * @returns The account.
     * @throws {ApiError} `account_not_found`, `insufficient_scope`, `invalid_token`, `missing_token`,
     * `session_ended`, `token_expired`, `database_unavailable`, `rate_limited`, `too_many_in_flight`,
     * `expectation_failed`, `internal_error`, `overloaded`, `validation_failed`.
     */
    getOwn(options) {
        return this.call(getOwnAccount(), options);
    }
    /**
     * Change your account.
     *
     * Changes names, and with `current_password` the e-mail address.
     *
     * @param body Changes by the owner of an account.
     * @returns The account.
     * @throws {ApiError} `email_taken`, `account_disabled`, `invalid_credentials`, `too_many_attempts`,
     * `account_not_found`, `busy`, `body_too_large`, `outcome_unknown`, `malformed_json`, `request_timeout`,
     * `unsupported_content_encoding`, `unsupported_media_type`, `malformed_request`, `insufficient_scope`,
     * `invalid_token`, `missing_token`, `session_ended`, `token_expired`, `database_unavailable`, `rate_limited`,
     * `too_many_in_flight`, `expectation_failed`, `internal_error`, `overloaded`, `validation_failed`.
     */
    updateOwn(body, options) {
        return this.call(updateOwnAccount(body), options);
    }
    /**
     * Delete your account.
     *
     * Ends its sessions, and removes its names, its e-mail address and its password at once, and its images with the
     * next sweep. Its id stays, in its orders and in audit events until these expire; nobody else can have its user
     * name.
     *
     * @param body The password, once more.
     * @returns The account is deleted.
     * @throws {ApiError} `last_administrator`, `account_disabled`, `invalid_credentials`, `too_many_attempts`,
     * `busy`, `body_too_large`, `outcome_unknown`, `malformed_json`, `request_timeout`,
     * `unsupported_content_encoding`, `unsupported_media_type`, `malformed_request`, `insufficient_scope`,
     * `invalid_token`, `missing_token`, `session_ended`, `token_expired`, `database_unavailable`, `rate_limited`,
     * `too_many_in_flight`, `expectation_failed`, `internal_error`, `overloaded`, `validation_failed`.
     */
    deleteOwn(body, options) {
        return this.call(deleteOwnAccount(body), options);
    }
    /**
     * Change the password.
     *
     * Ends all sessions of the account. Attempts are limited as at sign-in.
     *
     * @param body Either a user name or an e-mail address, the password until now, and a new one.
     * @returns The password is changed.
     * @throws {ApiError} `weak_password`, `account_disabled`, `invalid_credentials`, `too_many_attempts`, `busy`,
     * `body_too_large`, `outcome_unknown`, `malformed_json`, `request_timeout`, `unsupported_content_encoding`,
     * `unsupported_media_type`, `malformed_request`, `database_unavailable`, `rate_limited`, `too_many_in_flight`,
     * `expectation_failed`, `internal_error`, `overloaded`, `validation_failed`.
     */
    changePassword(body, options) {
        return this.call(changePassword(body), options);
    }
    /**
     * List your sessions.
     *
     * The devices and programs that are signed in.
     *
     * @param query Filters, and the part of the list.
     * @returns A page of sessions. Iterate over the call for all entries.
     * @throws {ApiError} `insufficient_scope`, `invalid_token`, `missing_token`, `session_ended`, `token_expired`,
     * `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`,
     * `overloaded`, `validation_failed`.
     */
    listSessions(query = {}, options) {
        return this.pages(listSessions(), query, options);
    }
    /**
     * End a session.
     *
     * Signs out elsewhere, at once.
     *
     * @param id The id.
     * @returns The session has ended.
     * @throws {ApiError} `session_not_found`, `not_found`, `body_too_large`, `outcome_unknown`, `malformed_json`,
     * `request_timeout`, `unsupported_content_encoding`, `unsupported_media_type`, `malformed_request`,
     * `insufficient_scope`, `invalid_token`, `missing_token`, `session_ended`, `token_expired`,
     * `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`,
     * `overloaded`, `validation_failed`.
     */
    deleteSession(id, options) {
        return this.call(deleteSession(id), options);
    }
    /**
     * Ask for a link to set a new password.
     *
     * Sends a mail with a link, if an account that can sign in has the e-mail address. The answer is the same for
     * every address. The link works once, for 30 minutes.
     *
     * @param body Whose password is forgotten.
     * @returns If there is such an account, a mail is on its way.
     * @throws {ApiError} `body_too_large`, `outcome_unknown`, `malformed_json`, `request_timeout`,
     * `unsupported_content_encoding`, `unsupported_media_type`, `malformed_request`, `database_unavailable`,
     * `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`, `overloaded`,
     * `validation_failed`.
     */
    requestPasswordReset(body, options) {
        return this.call(requestPasswordReset(body), options);
    }
    /**
     * Set a new password, by a link.
     *
     * Ends all sessions of the account, and tells its owner by mail.
     *
     * @param body A new password, by the link in a mail.
     * @returns The password is changed.
     * @throws {ApiError} `invalid_link`, `weak_password`, `busy`, `body_too_large`, `outcome_unknown`,
     * `malformed_json`, `request_timeout`, `unsupported_content_encoding`, `unsupported_media_type`,
     * `malformed_request`, `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`,
     * `internal_error`, `overloaded`, `validation_failed`.
     */
    resetPassword(body, options) {
        return this.call(resetPassword(body), options);
    }
    /**
     * Send a link to set a new password.
     *
     * For administrators. The link goes to the account's e-mail address alone.
     *
     * @param body Whose password is forgotten.
     * @returns A mail is on its way, unless the account is disabled.
     * @throws {ApiError} `account_not_found`, `body_too_large`, `outcome_unknown`, `malformed_json`,
     * `request_timeout`, `unsupported_content_encoding`, `unsupported_media_type`, `malformed_request`,
     * `insufficient_scope`, `invalid_token`, `missing_token`, `session_ended`, `token_expired`,
     * `database_unavailable`, `rate_limited`, `too_many_in_flight`, `expectation_failed`, `internal_error`,
     * `overloaded`, `validation_failed`.
     */
    sendPasswordReset(body, options) {
        return this.call(sendPasswordReset(body), options);
    }
    /**
     * Get an account.
     *
     * For administrators.
     *
     * @param id The id.
     * @returns The account.
     * @throws {ApiError} `account_not_found`, `not_found`, `malformed_request`, `insufficient_scope`,
     * `invalid_token`, `missing_token`, `session_ended`, `token_expired`, `database_unavailable`, `rate_limited`,
     * `too_many_in_flight`, `expectation_failed`, `internal_error`, `overloaded`, `validation_failed`.
     */
    get(id, options) {
        return this.call(getAccount(id), options);
    }
    /**
     * Change an account.
     *
     * For administrators. Changes count at once, also for tokens in use.
     *
     * @param id The id.
     * @param body Changes by an administrator.
     * @returns The account.
     * @throws {ApiError} `unknown_tier`, `last_administrator`, `account_not_found`, `not_found`, `body_too_large`,
     * `outcome_unknown`, `malformed_json`, `request_timeout`, `unsupported_content_encoding`,
     * `unsupported_media_type`, `malformed_request`, `insufficient_scope`, `invalid_token`, `missing_token`,
     * `session_ended`, `token_expired`, `database_unavailable`, `rate_limited`, `too_many_in_flight`,
     * `expectation_failed`, `internal_error`, `overloaded`, `validation_failed`.
     */
    update(id, body, options) {
        return this.call(updateAccount(id, body), options);
    }
}
