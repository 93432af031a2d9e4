import type { Session } from './Session.js';
/**
 * A page of the living sessions of an account, the newest first.
 */
export type SessionPage = {
    /**
     * Entries in all pages.
     */
    count: number;
    /**
     * The next page, with the same filters.
     */
    next: string | null;
    /**
     * The page before, with the same filters.
     */
    previous: string | null;
    /**
     * Cursor of the last entry, for `after`; null on the last page.
     */
    after: string | null;
    /**
     * The entries of this page.
     */
    results: Array<Session>;
};
