/**
 * A movement of stock other than by an order.
 */
export type StockChange = {
    /**
     * Units to add; a negative number removes units.
     */
    delta: number;
};
