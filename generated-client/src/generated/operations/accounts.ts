// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { Account } from '../models/Account.js';
import type { AccountPage } from '../models/AccountPage.js';
import type { Confirmation } from '../models/Confirmation.js';
import type { ForgottenPassword } from '../models/ForgottenPassword.js';
import type { Login } from '../models/Login.js';
import type { ManagedAccount } from '../models/ManagedAccount.js';
import type { ManagedChanges } from '../models/ManagedChanges.js';
import type { NewAccount } from '../models/NewAccount.js';
import type { OwnChanges } from '../models/OwnChanges.js';
import type { PasswordChange } from '../models/PasswordChange.js';
import type { PasswordReset } from '../models/PasswordReset.js';
import type { Refresh } from '../models/Refresh.js';
import type { SessionPage } from '../models/SessionPage.js';
import type { SessionTokens } from '../models/SessionTokens.js';
import type { Operation } from '../../operation.js';
export const registerAccount = (
  requestBody: NewAccount,
): Operation<Account> => ({
    method: 'POST',
    url: '/accounts',
    isOpen: true,
    isKeyed: true,
    body: requestBody,
});
export const listAccounts = (): Operation<AccountPage> => ({
    method: 'GET',
    url: '/accounts',
});
export const login = (
  requestBody: Login,
): Operation<SessionTokens> => ({
    method: 'POST',
    url: '/accounts/login',
    isOpen: true,
    body: requestBody,
});
export const getOwnAccount = (): Operation<Account> => ({
    method: 'GET',
    url: '/accounts/me',
});
export const updateOwnAccount = (
  requestBody: OwnChanges,
): Operation<Account> => ({
    method: 'PATCH',
    url: '/accounts/me',
    body: requestBody,
});
export const deleteOwnAccount = (
  requestBody: Confirmation,
): Operation<void> => ({
    method: 'DELETE',
    url: '/accounts/me',
    isEmpty: true,
    body: requestBody,
});
export const changePassword = (
  requestBody: PasswordChange,
): Operation<void> => ({
    method: 'POST',
    url: '/accounts/password',
    isOpen: true,
    isEmpty: true,
    body: requestBody,
});
export const refreshSession = (
  requestBody: Refresh,
): Operation<SessionTokens> => ({
    method: 'POST',
    url: '/accounts/refresh',
    isOpen: true,
    body: requestBody,
});
export const listSessions = (): Operation<SessionPage> => ({
    method: 'GET',
    url: '/accounts/sessions',
});
export const deleteSession = (
  id: string,
): Operation<void> => ({
    method: 'DELETE',
    url: '/accounts/sessions/{id}',
    isEmpty: true,
    path: {
      'id': id,
    },
});
export const logout = (): Operation<void> => ({
    method: 'POST',
    url: '/accounts/logout',
    isEmpty: true,
});
export const requestPasswordReset = (
  requestBody: ForgottenPassword,
): Operation<any> => ({
    method: 'POST',
    url: '/accounts/password/forgotten',
    isOpen: true,
    isEmpty: true,
    body: requestBody,
});
export const resetPassword = (
  requestBody: PasswordReset,
): Operation<void> => ({
    method: 'POST',
    url: '/accounts/password/reset',
    isOpen: true,
    isEmpty: true,
    body: requestBody,
});
export const sendPasswordReset = (
  requestBody: ForgottenPassword,
): Operation<any> => ({
    method: 'POST',
    url: '/accounts/password/links',
    isEmpty: true,
    body: requestBody,
});
export const getAccount = (
  id: string,
): Operation<ManagedAccount> => ({
    method: 'GET',
    url: '/accounts/{id}',
    path: {
      'id': id,
    },
});
export const updateAccount = (
  id: string,
  requestBody: ManagedChanges,
): Operation<ManagedAccount> => ({
    method: 'PATCH',
    url: '/accounts/{id}',
    path: {
      'id': id,
    },
    body: requestBody,
});
