import type { StockMovement } from './StockMovement.js';
/**
 * A page of the stock ledger of a product, the latest movement first.
 */
export type StockMovementPage = {
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
    results: Array<StockMovement>;
};
