// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
/**
 * A session that is alive.
 */
export type Session = {
  /**
   * A UUIDv7; `sid` in tokens.
   */
  id: string;
  /**
   * When someone signed in.
   */
  created: string;
  /**
   * When it was last refreshed, or created.
   */
  last_used: string;
  /**
   * What the client called itself when it signed in.
   */
  user_agent: string;
  /**
   * Where the client signed in from; null where that is not known.
   */
  address: string | null;
  /**
   * It is the session of this request.
   */
  current: boolean;
};
