/**
 * Changes by an administrator.
 */
export type ManagedChanges = {
    /**
     * Administrators are `admin`.
     */
    role?: 'user' | 'admin';
    /**
     * The tier of the account.
     */
    tier?: string;
    /**
     * True ends all sessions, and prevents new ones.
     */
    disabled?: boolean;
};
