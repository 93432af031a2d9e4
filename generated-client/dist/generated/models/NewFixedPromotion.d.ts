/**
 * A promotion that takes an amount off.
 */
export type NewFixedPromotion = {
    /**
     * The name, as orders show it.
     */
    name: string;
    /**
     * The kind of discount.
     */
    type: 'fixed';
    /**
     * Restricts it to orders with this promo code, in upper or lower case.
     */
    code?: string | null;
    /**
     * The currency of the amount.
     */
    currency: string;
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
     * The amount taken off, in minor units.
     */
    amount: number;
};
