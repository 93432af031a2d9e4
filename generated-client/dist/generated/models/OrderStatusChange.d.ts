/**
 * The new status of an order.
 */
export type OrderStatusChange = {
    /**
     * The status of the order.
     */
    status: 'placed' | 'paid' | 'shipped' | 'delivered' | 'cancelled';
};
