/**
 * An entry of the stock ledger.
 */
export type StockMovement = {
    /**
     * The id of the movement.
     */
    id: string;
    /**
     * The product.
     */
    product: string;
    /**
     * Units added; a negative number is units removed.
     */
    delta: number;
    /**
     * The reason.
     */
    reason: 'created' | 'adjusted' | 'ordered' | 'cancelled' | 'deleted';
    /**
     * The order that took the units or gave them back.
     */
    order: string | null;
    /**
     * The account that moved them; null is the demo catalogue.
     */
    actor: string | null;
    /**
     * The time of the movement.
     */
    created: string;
};
