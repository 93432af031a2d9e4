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
import type { SessionPage } from '../models/SessionPage.js';
import type { SessionTokens } from '../models/SessionTokens.js';
import type { CancelablePromise } from '../core/CancelablePromise.js';
import type { BaseHttpRequest } from '../core/BaseHttpRequest.js';
import { type PagePromise, requestPages } from '../../pages.js';
export class AccountsService {
  public readonly httpRequest: BaseHttpRequest;

  constructor(httpRequest: BaseHttpRequest) {
    this.httpRequest = httpRequest;
  }
  /**
   * Sign in
   * Starts a session. A wrong password and an unknown account get the same answer. After too many failures there are delays, which grow and end.
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
    });
  }
  /**
   * Change the password
   * Ends all sessions of the account. Attempts are limited as at sign-in.
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
    });
  }
  /**
   * List your sessions
   * The devices and programs that are signed in.
   * @returns SessionPage A page of sessions.
   * @throws ApiError
   */
  public listSessions({
    page,
    limit,
  }: {
    /**
     * Number of the page, from 1.
     */
    page?: number,
    /**
     * Entries per page.
     */
    limit?: number,
  } = {}): PagePromise<SessionPage> {
    return requestPages(this.httpRequest, {
      method: 'GET',
      url: '/accounts/sessions',
      query: {
        'page': page,
        'limit': limit,
      },
    });
  }
  /**
   * End a session
   * Signs out elsewhere, at once.
   * @returns void
   * @throws ApiError
   */
  public deleteSession({
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
    });
  }
  /**
   * Register
   * Creates an account. It is not signed in.
   * @returns Account The account.
   * @throws ApiError
   */
  public registerAccount({
    requestBody,
    idempotencyKey,
  }: {
    requestBody: NewAccount,
    /**
     * Any text that you use for this request alone, such as a random UUID. With it, the request can be repeated, also after a lost response: it takes effect once, and gets the same response.
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
    });
  }
  /**
   * List accounts
   * For administrators. The oldest first.
   * @returns AccountPage A page of accounts.
   * @throws ApiError
   */
  public listAccounts({
    page,
    limit,
    search,
  }: {
    /**
     * Number of the page, from 1.
     */
    page?: number,
    /**
     * Entries per page.
     */
    limit?: number,
    /**
     * Part of a user name, an e-mail address or a name, regardless of case.
     */
    search?: string,
  } = {}): PagePromise<AccountPage> {
    return requestPages(this.httpRequest, {
      method: 'GET',
      url: '/accounts',
      query: {
        'page': page,
        'limit': limit,
        'search': search,
      },
    });
  }
  /**
   * Get your account
   * The account of the token.
   * @returns Account The account.
   * @throws ApiError
   */
  public getOwnAccount(): CancelablePromise<Account> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/accounts/me',
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
    });
  }
  /**
   * Change an account
   * For administrators. Changes count at once, also for tokens in use.
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
    });
  }
  /**
   * List what happened to accounts
   * For administrators. Sign-ins, failures, lockouts, changes; the newest first.
   * @returns AuditEventPage A page of events.
   * @throws ApiError
   */
  public listAuditEvents({
    page,
    limit,
    subject,
    action,
  }: {
    /**
     * Number of the page, from 1.
     */
    page?: number,
    /**
     * Entries per page.
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
  } = {}): PagePromise<AuditEventPage> {
    return requestPages(this.httpRequest, {
      method: 'GET',
      url: '/audit-events',
      query: {
        'page': page,
        'limit': limit,
        'subject': subject,
        'action': action,
      },
    });
  }
}
