/**
 * A promotion that takes a percentage off.
 */
export type NewPercentagePromotion = {
    /**
     * The name, as orders show it.
     */
    name: string;
    /**
     * The kind of discount.
     */
    type: 'percentage';
    /**
     * Restricts it to orders with this promo code, in upper or lower case.
     */
    code?: string | null;
    /**
     * Restricts it to orders in this currency. Required with amount and minimum_total.
     */
    currency?: string | null;
    /**
     * The least total of an order, before discounts.
     */
    minimum_total?: number | null;
    /**
     * The time from which it runs.
     */
    starts?: string | null;
    /**
     * The time at which it ends.
     */
    ends?: string | null;
    /**
     * The products that it discounts; null is all products.
     */
    products?: Array<string> | null;
    /**
     * Most orders with it, except cancelled ones.
     */
    usage_limit?: number | null;
    /**
     * Most orders of one user with it, except cancelled ones.
     */
    usage_limit_per_user?: number | null;
    /**
     * The percentage taken off.
     */
    percentage: number;
};
