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
    updated: string;
    /**
     * The User-Agent of the sign-in.
     */
    user_agent: string;
    /**
     * The IP address of the sign-in; null if it is not known.
     */
    address: string | null;
    /**
     * It is the session of this request.
     */
    current: boolean;
};
