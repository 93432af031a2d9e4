/**
 * An account, as its owner sees it.
 */
export type Account = {
    /**
     * A UUIDv7.
     */
    id: string;
    username: string;
    email: string;
    first_name: string;
    last_name: string;
    /**
     * Administrators are `admin`.
     */
    role: 'user' | 'admin';
    /**
     * The tier of the account.
     */
    tier: string;
    /**
     * When it was registered.
     */
    created: string;
};
