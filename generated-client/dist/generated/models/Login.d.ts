import type { LoginByEmail } from './LoginByEmail.js';
import type { LoginByUsername } from './LoginByUsername.js';
/**
 * Either a user name or an e-mail address, and the password.
 */
export type Login = (LoginByUsername | LoginByEmail);
