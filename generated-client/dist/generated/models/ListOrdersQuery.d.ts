/**
 * The query of a list.
 */
export type ListOrdersQuery = {
    /**
     * Number of the page, from 1, which is the default.
     */
    page?: number;
    /**
     * In place of `page`: the `after` of the page before.
     */
    after?: string;
    /**
     * Entries per page.
     */
    limit?: number;
    /**
     * The status of the order.
     */
    status?: 'placed' | 'paid' | 'shipped' | 'delivered' | 'cancelled';
    /**
     * The orders of all users; for administrators.
     */
    all?: boolean;
};
