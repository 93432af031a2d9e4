// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { LoginByEmail } from './LoginByEmail.js';
import type { LoginByUsername } from './LoginByUsername.js';
/**
 * Either a user name or an e-mail address, and the password.
 */
export type Login = (LoginByUsername | LoginByEmail);
