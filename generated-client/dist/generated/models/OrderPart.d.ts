/**
 * A product of an order.
 */
export type OrderPart = {
    /**
     * The product, which may have been deleted since.
     */
    product: string;
    /**
     * Units.
     */
    quantity_in_order: number;
    /**
     * The name of the product when it was ordered.
     */
    product_name: string;
    /**
     * The price of the product when it was ordered.
     */
    unit_price: number;
    /**
     * The amount that promotions took off.
     */
    discount: number;
    /**
     * Units times price, less the discount.
     */
    total: number;
};
