import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { idParams, ref } from '../../../http/fields.ts';
import { examplePage, sliceOf, toPage } from '../../../http/pages.ts';
import { created, ok } from '../../../http/responses.ts';
import { accountOf, insufficientScope, isAdministrator, secured } from '../../../http/secured.ts';
import { claimFrom, resultFor } from '../../../idempotency/route-support.ts';
import { shopExamples } from '../examples.ts';
import { shopProblems } from '../problems.ts';
import { ORDER_OF_ORDERS, type OrderRows } from './repository.ts';
import {
  EXAMPLE_ORDER,
  EXAMPLE_QUOTE,
  OrderPageSchema,
  OrderQuerySchema,
  OrderQuoteSchema,
  OrderRequestSchema,
  OrderSchema,
  OrderStatusChangeSchema,
} from './schemas.ts';
import type { OrderService } from './service.ts';
import { toOrder, toOrderQuote } from './to-order.ts';

type Options = { orders: OrderService; publicUrl: string };

const tags = ['shop'];
const { orderNotFound, invalidTransition } = shopProblems;
/** Reasons for which an order is refused. */
const refusals = [
  shopProblems.unknownProduct,
  shopProblems.insufficientStock,
  shopProblems.mixedCurrencies,
  shopProblems.unknownPromoCode,
  shopProblems.promoCodeUsedUp,
  shopProblems.promoCodeNotApplicable,
];

const placeOrder = {
  operationId: 'placeOrder',
  tags,
  summary: 'Place an order',
  description:
    'Orders all products, or none. The order keeps their names and prices as they are now. With an ' +
    '`Idempotency-Key`, the request can be repeated, for instance after a lost response: it orders once.',
  body: ref(OrderRequestSchema),
  ...shopExamples.order,
  response: { 201: created('The order.', OrderSchema, { placed: EXAMPLE_ORDER }) },
};

const quoteOrder = {
  operationId: 'quoteOrder',
  tags,
  summary: 'Quote an order',
  description: 'Returns the prices of an order, or refuses it, without placing it.',
  body: ref(OrderRequestSchema),
  ...shopExamples.order,
  response: { 200: ok('The prices of the order.', OrderQuoteSchema, { quote: EXAMPLE_QUOTE }) },
};

const listOrders = {
  operationId: 'listOrders',
  tags,
  summary: 'List orders',
  description: 'Your orders, the newest first. Administrators can list those of all users.',
  querystring: OrderQuerySchema,
  response: {
    200: ok('A page of orders.', OrderPageSchema, { one: examplePage(EXAMPLE_ORDER) }),
  },
};

const getOrder = {
  operationId: 'getOrder',
  tags,
  summary: 'Get an order',
  description: 'One of your orders; administrators can get any.',
  params: idParams,
  response: { 200: ok('The order.', OrderSchema, { placed: EXAMPLE_ORDER }) },
};

const cancelOrder = {
  operationId: 'cancelOrder',
  tags,
  summary: 'Cancel an order',
  description:
    'One of your orders that has not been shipped. Its units return to the stock, once, however often you ' +
    'call this.',
  params: idParams,
  response: {
    200: ok('The cancelled order.', OrderSchema, {
      cancelled: { ...EXAMPLE_ORDER, status: 'cancelled' },
    }),
  },
};

const updateOrderStatus = {
  operationId: 'updateOrderStatus',
  tags,
  summary: 'Update the status of an order',
  description:
    'For administrators. A placed order can become paid, then shipped, then delivered; before it is ' +
    'shipped, it can be cancelled.',
  params: idParams,
  body: ref(OrderStatusChangeSchema),
  ...shopExamples.status,
  response: {
    200: ok('The order.', OrderSchema, { paid: { ...EXAMPLE_ORDER, status: 'paid' } }),
  },
};

export const orderRoutes: FastifyPluginAsyncTypebox<Options> = async (
  app,
  { orders, publicUrl },
) => {
  app.post('/orders', {
    ...secured('accounts', { idempotent: true, problems: refusals }),
    schema: placeOrder,
    handler: async (request, reply) => {
      const { id: userId } = accountOf(request);
      const rows = resultFor(reply, await orders.place(userId, request.body, claimFrom(request)));
      reply.code(201).header('location', `${publicUrl}/orders/${rows.order.id}`);
      return toOrder(rows);
    },
  });
  app.post('/orders/quote', {
    ...secured('accounts', { problems: refusals }),
    schema: quoteOrder,
    handler: async (request) =>
      toOrderQuote(await orders.quote(accountOf(request).id, request.body)),
  });
  app.get('/orders', {
    ...secured('accounts'),
    schema: listOrders,
    handler: async (request) => {
      const { all, status } = request.query;
      if (all && !isAdministrator(accountOf(request))) throw insufficientScope('admin');
      const userId = all ? undefined : accountOf(request).id;
      const slice = sliceOf(request.query, ORDER_OF_ORDERS);
      const found = await orders.list({ userId, status }, slice);
      const columnsOf = ({ order }: OrderRows) => order;
      return toPage({ request, publicUrl, slice, toEntry: toOrder, columnsOf }, found);
    },
  });
  app.get('/orders/:id', {
    ...secured('accounts', { problems: [orderNotFound] }),
    schema: getOrder,
    handler: async (request) => {
      const userId = isAdministrator(accountOf(request)) ? undefined : accountOf(request).id;
      return toOrder(await orders.get(request.params.id, userId));
    },
  });
  app.post('/orders/:id/cancel', {
    ...secured('accounts', { problems: [orderNotFound, invalidTransition] }),
    schema: cancelOrder,
    handler: async (request) =>
      toOrder(await orders.cancel(request.params.id, accountOf(request).id)),
  });
  app.post('/orders/:id/status', {
    ...secured('admin', { idempotent: true, problems: [orderNotFound, invalidTransition] }),
    schema: updateOrderStatus,
    handler: async (request, reply) => {
      const { params, body } = request;
      const actor = accountOf(request).id;
      const claim = claimFrom(request);
      const updated = await orders.updateStatus(params.id, body.status, actor, claim);
      return toOrder(resultFor(reply, updated));
    },
  });
};
