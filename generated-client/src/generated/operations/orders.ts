// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { Order } from '../models/Order.js';
import type { OrderPage } from '../models/OrderPage.js';
import type { OrderQuote } from '../models/OrderQuote.js';
import type { OrderRequest } from '../models/OrderRequest.js';
import type { OrderStatusChange } from '../models/OrderStatusChange.js';
import type { Operation } from '../../operation.js';
export const quoteOrder = (
  requestBody: OrderRequest,
): Operation<OrderQuote> => ({
    method: 'POST',
    url: '/orders/quote',
    body: requestBody,
});
export const placeOrder = (
  requestBody: OrderRequest,
): Operation<Order> => ({
    method: 'POST',
    url: '/orders',
    isKeyed: true,
    body: requestBody,
});
export const listOrders = (): Operation<OrderPage> => ({
    method: 'GET',
    url: '/orders',
});
export const getOrder = (
  id: string,
): Operation<Order> => ({
    method: 'GET',
    url: '/orders/{id}',
    path: {
      'id': id,
    },
});
export const cancelOrder = (
  id: string,
): Operation<Order> => ({
    method: 'POST',
    url: '/orders/{id}/cancel',
    path: {
      'id': id,
    },
});
export const updateOrderStatus = (
  id: string,
  requestBody: OrderStatusChange,
): Operation<Order> => ({
    method: 'POST',
    url: '/orders/{id}/status',
    isKeyed: true,
    path: {
      'id': id,
    },
    body: requestBody,
});
