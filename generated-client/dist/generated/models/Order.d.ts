import type { AppliedPromotion } from './AppliedPromotion.js';
import type { OrderPart } from './OrderPart.js';
/**
 * An order.
 */
export type Order = {
    /**
     * The id of the order.
     */
    id: string;
    /**
     * The time when the order was placed.
     */
    created: string;
    /**
     * The account that placed it.
     */
    user: string;
    /**
     * The status of the order.
     */
    status: 'placed' | 'paid' | 'shipped' | 'delivered' | 'cancelled';
    /**
     * The products, in the order in which they were first named.
     */
    parts: Array<OrderPart>;
    /**
     * ISO 4217.
     */
    currency: string;
    /**
     * The amount before discounts, in minor units.
     */
    subtotal: number;
    /**
     * The amount that promotions took off.
     */
    discount: number;
    /**
     * The amount to pay.
     */
    total: number;
    /**
     * The promotions that reduced the order, in the order in which they did.
     */
    promotions: Array<AppliedPromotion>;
};
