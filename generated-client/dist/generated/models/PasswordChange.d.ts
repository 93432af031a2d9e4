import type { PasswordChangeByEmail } from './PasswordChangeByEmail.js';
import type { PasswordChangeByUsername } from './PasswordChangeByUsername.js';
/**
 * Either a user name or an e-mail address, the password until now, and a new one.
 */
export type PasswordChange = (PasswordChangeByUsername | PasswordChangeByEmail);
