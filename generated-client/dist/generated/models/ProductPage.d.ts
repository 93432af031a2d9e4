import type { Product } from './Product.js';
/**
 * A page of products.
 */
export type ProductPage = {
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
    results: Array<Product>;
};
