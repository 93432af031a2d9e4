// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { Account } from '../models/Account.js';
import type { AccountPage } from '../models/AccountPage.js';
import type { AuditEventPage } from '../models/AuditEventPage.js';
import type { Confirmation } from '../models/Confirmation.js';
import type { Login } from '../models/Login.js';
import type { ManagedAccount } from '../models/ManagedAccount.js';
import type { ManagedChanges } from '../models/ManagedChanges.js';
import type { NewAccount } from '../models/NewAccount.js';
import type { OwnChanges } from '../models/OwnChanges.js';
import type { PasswordChange } from '../models/PasswordChange.js';
import type { Refresh } from '../models/Refresh.js';
import type { SessionList } from '../models/SessionList.js';
import type { SessionTokens } from '../models/SessionTokens.js';
import type { CancelablePromise } from '../core/CancelablePromise.js';
import type { BaseHttpRequest } from '../core/BaseHttpRequest.js';
export class AccountsService {
  public readonly httpRequest: BaseHttpRequest;

  constructor(httpRequest: BaseHttpRequest) {
    this.httpRequest = httpRequest;
  }
  /**
   * Sign in
   * Starts a session. A wrong password and an unknown account are the same to the client. After too many failures there are delays, which grow and end.
   * @returns SessionTokens A session, and its tokens.
   * @throws ApiError
   */
  public login({
    requestBody,
  }: {
    requestBody: Login,
  }): CancelablePromise<SessionTokens> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/accounts/login',
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`malformed_request\`: This is not a valid HTTP request.
        \`malformed_json\`: The body is not valid JSON.
        \`validation_failed\`: The request breaks the rules named in "errors".`,
        401: `\`invalid_credentials\`: There is no account with this name and password.`,
        403: `\`account_disabled\`: The account is disabled. An administrator can enable it.`,
        408: `\`request_timeout\`: The request did not arrive in time.`,
        413: `\`body_too_large\`: The body is larger than this route accepts.`,
        415: `\`unsupported_media_type\`: Send the body as application/json.
        \`unsupported_content_encoding\`: This route does not decode that Content-Encoding.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        429: `\`too_many_attempts\`: Too many attempts have failed. Try again after Retry-After seconds.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`busy\`: Too many passwords are being checked. Try again after Retry-After seconds.
        \`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Get new tokens
   * Exchanges a refresh token for a new pair. Each works once: if an old one comes back, its session ends. The one before the current one still works for a moment, for a client that has lost the answer.
   * @returns SessionTokens A session, and its tokens.
   * @throws ApiError
   */
  public refreshSession({
    requestBody,
  }: {
    requestBody: Refresh,
  }): CancelablePromise<SessionTokens> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/accounts/refresh',
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`malformed_request\`: This is not a valid HTTP request.
        \`malformed_json\`: The body is not valid JSON.
        \`validation_failed\`: The request breaks the rules named in "errors".`,
        401: `\`invalid_refresh_token\`: The refresh token is not valid, or its session has ended. Sign in again.`,
        408: `\`request_timeout\`: The request did not arrive in time.`,
        413: `\`body_too_large\`: The body is larger than this route accepts.`,
        415: `\`unsupported_media_type\`: Send the body as application/json.
        \`unsupported_content_encoding\`: This route does not decode that Content-Encoding.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Change the password
   * Ends all sessions of the account. Attempts are limited as those to sign in are.
   * @returns void
   * @throws ApiError
   */
  public changePassword({
    requestBody,
  }: {
    requestBody: PasswordChange,
  }): CancelablePromise<void> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/accounts/password',
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`malformed_request\`: This is not a valid HTTP request.
        \`malformed_json\`: The body is not valid JSON.
        \`validation_failed\`: The request breaks the rules named in "errors".
        \`weak_password\`: The password is too easy to guess; "errors" says why.`,
        401: `\`invalid_credentials\`: There is no account with this name and password.`,
        403: `\`account_disabled\`: The account is disabled. An administrator can enable it.`,
        408: `\`request_timeout\`: The request did not arrive in time.`,
        413: `\`body_too_large\`: The body is larger than this route accepts.`,
        415: `\`unsupported_media_type\`: Send the body as application/json.
        \`unsupported_content_encoding\`: This route does not decode that Content-Encoding.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        429: `\`too_many_attempts\`: Too many attempts have failed. Try again after Retry-After seconds.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`busy\`: Too many passwords are being checked. Try again after Retry-After seconds.
        \`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Register
   * Makes an account. It is not signed in.
   * @returns Account The account.
   * @throws ApiError
   */
  public registerAccount({
    requestBody,
    idempotencyKey,
  }: {
    requestBody: NewAccount,
    /**
     * Any text that you use for this request alone, such as a random UUID. With it, the request can be repeated, also after a lost answer: it takes effect once, and is answered the same.
     */
    idempotencyKey?: string,
  }): CancelablePromise<Account> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/accounts',
      headers: {
        'idempotency-key': idempotencyKey,
      },
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`malformed_request\`: This is not a valid HTTP request.
        \`malformed_json\`: The body is not valid JSON.
        \`validation_failed\`: The request breaks the rules named in "errors".
        \`weak_password\`: The password is too easy to guess; "errors" says why.`,
        408: `\`request_timeout\`: The request did not arrive in time.`,
        409: `\`email_taken\`: Another account has this e-mail address.
        \`username_taken\`: Another account has, or once had, this user name.
        \`idempotency_in_progress\`: A request with this Idempotency-Key is in progress. Try again.`,
        413: `\`body_too_large\`: The body is larger than this route accepts.`,
        415: `\`unsupported_media_type\`: Send the body as application/json.
        \`unsupported_content_encoding\`: This route does not decode that Content-Encoding.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        422: `\`idempotency_key_reused\`: This Idempotency-Key was used for another request. Use a new key.`,
        429: `\`too_many_registrations\`: Too many accounts were registered from this address. Try again after Retry-After seconds.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`busy\`: Too many passwords are being checked. Try again after Retry-After seconds.
        \`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * List accounts
   * For administrators. The oldest first.
   * @returns AccountPage A page of accounts.
   * @throws ApiError
   */
  public listAccounts({
    page = 1,
    limit = 50,
    search,
  }: {
    /**
     * From 1.
     */
    page?: number,
    /**
     * Entries in a page.
     */
    limit?: number,
    /**
     * Part of a user name, an e-mail address or a name, regardless of case.
     */
    search?: string,
  }): CancelablePromise<AccountPage> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/accounts',
      query: {
        'page': page,
        'limit': limit,
        'search': search,
      },
      errors: {
        400: `\`validation_failed\`: The request breaks the rules named in "errors".`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Get your account
   * The account that the token is of.
   * @returns Account The account.
   * @throws ApiError
   */
  public getOwnAccount(): CancelablePromise<Account> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/accounts/me',
      errors: {
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
        404: `\`account_not_found\`: There is no account with this id.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Change your account
   * Changes names, and with `current_password` the e-mail address.
   * @returns Account The account.
   * @throws ApiError
   */
  public updateOwnAccount({
    requestBody,
  }: {
    requestBody: OwnChanges,
  }): CancelablePromise<Account> {
    return this.httpRequest.request({
      method: 'PATCH',
      url: '/accounts/me',
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`malformed_request\`: This is not a valid HTTP request.
        \`malformed_json\`: The body is not valid JSON.
        \`validation_failed\`: The request breaks the rules named in "errors".`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.
        \`invalid_credentials\`: There is no account with this name and password.`,
        403: `\`insufficient_scope\`: The token lacks a scope.
        \`account_disabled\`: The account is disabled. An administrator can enable it.`,
        404: `\`account_not_found\`: There is no account with this id.`,
        408: `\`request_timeout\`: The request did not arrive in time.`,
        409: `\`email_taken\`: Another account has this e-mail address.`,
        413: `\`body_too_large\`: The body is larger than this route accepts.`,
        415: `\`unsupported_media_type\`: Send the body as application/json.
        \`unsupported_content_encoding\`: This route does not decode that Content-Encoding.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        429: `\`too_many_attempts\`: Too many attempts have failed. Try again after Retry-After seconds.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`busy\`: Too many passwords are being checked. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Delete your account
   * Ends its sessions, and removes its names, its e-mail address and its password at once, and its images with the next sweep. Its id stays, in its orders and in audit events until these expire; nobody else can have its user name.
   * @returns void
   * @throws ApiError
   */
  public deleteOwnAccount({
    requestBody,
  }: {
    requestBody: Confirmation,
  }): CancelablePromise<void> {
    return this.httpRequest.request({
      method: 'DELETE',
      url: '/accounts/me',
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`malformed_request\`: This is not a valid HTTP request.
        \`malformed_json\`: The body is not valid JSON.
        \`validation_failed\`: The request breaks the rules named in "errors".`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.
        \`invalid_credentials\`: There is no account with this name and password.`,
        403: `\`insufficient_scope\`: The token lacks a scope.
        \`account_disabled\`: The account is disabled. An administrator can enable it.`,
        408: `\`request_timeout\`: The request did not arrive in time.`,
        409: `\`last_administrator\`: This is the last administrator. Make another one first.`,
        413: `\`body_too_large\`: The body is larger than this route accepts.`,
        415: `\`unsupported_media_type\`: Send the body as application/json.
        \`unsupported_content_encoding\`: This route does not decode that Content-Encoding.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        429: `\`too_many_attempts\`: Too many attempts have failed. Try again after Retry-After seconds.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`busy\`: Too many passwords are being checked. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Sign out
   * Ends the session of the token, and the token with it, at once.
   * @returns void
   * @throws ApiError
   */
  public logout(): CancelablePromise<void> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/accounts/logout',
      errors: {
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * List your sessions
   * Where you are signed in.
   * @returns SessionList The sessions.
   * @throws ApiError
   */
  public listSessions(): CancelablePromise<SessionList> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/accounts/sessions',
      errors: {
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * End a session
   * Signs out somewhere else, at once.
   * @returns void
   * @throws ApiError
   */
  public endSession({
    id,
  }: {
    /**
     * The id.
     */
    id: string,
  }): CancelablePromise<void> {
    return this.httpRequest.request({
      method: 'DELETE',
      url: '/accounts/sessions/{id}',
      path: {
        'id': id,
      },
      errors: {
        400: `\`validation_failed\`: The request breaks the rules named in "errors".`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
        404: `\`session_not_found\`: You have no session with this id, or it has ended.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Get an account
   * For administrators.
   * @returns ManagedAccount The account.
   * @throws ApiError
   */
  public getAccount({
    id,
  }: {
    /**
     * The id.
     */
    id: string,
  }): CancelablePromise<ManagedAccount> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/accounts/{id}',
      path: {
        'id': id,
      },
      errors: {
        400: `\`validation_failed\`: The request breaks the rules named in "errors".`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
        404: `\`account_not_found\`: There is no account with this id.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * Change an account
   * For administrators. What changes counts at once, also for tokens that are out there.
   * @returns ManagedAccount The account.
   * @throws ApiError
   */
  public updateAccount({
    id,
    requestBody,
  }: {
    /**
     * The id.
     */
    id: string,
    requestBody: ManagedChanges,
  }): CancelablePromise<ManagedAccount> {
    return this.httpRequest.request({
      method: 'PATCH',
      url: '/accounts/{id}',
      path: {
        'id': id,
      },
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`malformed_request\`: This is not a valid HTTP request.
        \`malformed_json\`: The body is not valid JSON.
        \`validation_failed\`: The request breaks the rules named in "errors".
        \`unknown_tier\`: There is no tier with this name.`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
        404: `\`account_not_found\`: There is no account with this id.`,
        408: `\`request_timeout\`: The request did not arrive in time.`,
        409: `\`last_administrator\`: This is the last administrator. Make another one first.`,
        413: `\`body_too_large\`: The body is larger than this route accepts.`,
        415: `\`unsupported_media_type\`: Send the body as application/json.
        \`unsupported_content_encoding\`: This route does not decode that Content-Encoding.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
  /**
   * List what happened to accounts
   * For administrators. Sign-ins, failures, lockouts, changes; the newest first.
   * @returns AuditEventPage A page of events.
   * @throws ApiError
   */
  public listAuditEvents({
    page = 1,
    limit = 50,
    subject,
    action,
  }: {
    /**
     * From 1.
     */
    page?: number,
    /**
     * Entries in a page.
     */
    limit?: number,
    /**
     * Only events of this account.
     */
    subject?: string,
    /**
     * Only events of this kind.
     */
    action?: 'account_created' | 'account_changed' | 'account_deleted' | 'signed_in' | 'sign_in_failed' | 'sign_in_refused' | 'locked_out' | 'signed_out' | 'session_ended' | 'refresh_token_reused' | 'password_changed' | 'password_change_failed' | 'confirmation_failed' | 'role_changed' | 'tier_changed' | 'account_disabled' | 'account_enabled',
  }): CancelablePromise<AuditEventPage> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/audit-events',
      query: {
        'page': page,
        'limit': limit,
        'subject': subject,
        'action': action,
      },
      errors: {
        400: `\`validation_failed\`: The request breaks the rules named in "errors".`,
        401: `\`missing_token\`: Send a token as "Authorization: Bearer <token>"; POST /auth issues one.
        \`invalid_token\`: The token is not valid here. Get a new one from POST /auth or POST /accounts/login.
        \`token_expired\`: The token has expired. Get a new one.
        \`session_ended\`: The session of the token has ended. Sign in again.`,
        403: `\`insufficient_scope\`: The token lacks a scope.`,
        417: `\`expectation_failed\`: Remove the Expect header; only "Expect: 100-continue" is supported.`,
        500: `\`internal_error\`: The server failed. The log has the reason under the request id.`,
        503: `\`database_unavailable\`: The database does not answer. Try again after Retry-After seconds.
        \`overloaded\`: The server is busy. Try again after Retry-After seconds.`,
      },
    });
  }
}
