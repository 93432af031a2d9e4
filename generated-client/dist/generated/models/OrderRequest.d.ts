/**
 * An order to place or to quote.
 */
export type OrderRequest = {
    /**
     * The products. All are ordered, or none.
     */
    parts: Array<{
        /**
         * The product. The quantities of parts with the same product are added up.
         */
        product: string;
        /**
         * Units.
         */
        quantity_in_order: number;
    }>;
    /**
     * The promo code, in upper or lower case.
     */
    promo_code?: string;
};
