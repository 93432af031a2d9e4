/**
 * A promotion.
 */
export type Promotion = {
    /**
     * The id of the promotion.
     */
    id: string;
    /**
     * The kind of discount.
     */
    type: 'percentage' | 'fixed' | 'buy_x_get_y';
    /**
     * The name, as orders show it.
     */
    name: string;
    /**
     * The percentage taken off.
     */
    percentage: number | null;
    /**
     * The amount taken off, in minor units.
     */
    amount: number | null;
    /**
     * Units to buy.
     */
    buy: number | null;
    /**
     * Units that are free.
     */
    get: number | null;
    /**
     * Restricts it to orders with this promo code, in upper or lower case.
     */
    code: string | null;
    /**
     * Restricts it to orders in this currency. Required with amount and minimum_total.
     */
    currency: string | null;
    /**
     * The least total of an order, before discounts.
     */
    minimum_total: number | null;
    /**
     * The time from which it runs.
     */
    starts: string | null;
    /**
     * The time at which it ends.
     */
    ends: string | null;
    /**
     * The products that it discounts; null is all products.
     */
    products: Array<string> | null;
    /**
     * Most orders with it, except cancelled ones.
     */
    usage_limit: number | null;
    /**
     * Most orders of one user with it, except cancelled ones.
     */
    usage_limit_per_user: number | null;
    /**
     * Orders with it, except cancelled ones; counted while it has a usage limit.
     */
    uses: number;
    /**
     * The time when the promotion was created.
     */
    created: string;
    /**
     * The time of the last update.
     */
    updated: string;
};
