/**
 * A promotion that reduced an order.
 */
export type AppliedPromotion = {
    /**
     * The promotion, which may have been deleted since.
     */
    id: string;
    /**
     * The name of the promotion when the order was placed.
     */
    name: string;
    /**
     * The kind of discount.
     */
    type: 'percentage' | 'fixed' | 'buy_x_get_y';
    /**
     * The promo code that the order was placed with.
     */
    code: string | null;
    /**
     * The amount that it took off.
     */
    discount: number;
};
