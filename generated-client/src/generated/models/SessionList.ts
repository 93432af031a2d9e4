// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { Session } from './Session.js';
/**
 * The living sessions of an account, the newest first.
 */
export type SessionList = {
  results: Array<Session>;
};
