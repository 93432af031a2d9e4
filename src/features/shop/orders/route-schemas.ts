import { Type } from '@sinclair/typebox';
import { IdParamsSchema } from '../../../http/fields.ts';
import { type ProblemType, problemBody, problems } from '../../../http/problem.ts';
import { bodyProblems, jsonResponse, problemResponses } from '../../../http/responses.ts';
import { tokenProblems } from '../../../http/secured.ts';
import {
  IdempotencyHeadersSchema,
  keyProblems,
  REPLAYED,
} from '../../../idempotency/route-support.ts';
import { examplePage } from '../context.ts';
import { shopProblems } from '../problems.ts';
import {
  EXAMPLE_ORDER,
  EXAMPLE_QUOTE,
  OrderPageSchema,
  OrderProblemSchema,
  OrderQuerySchema,
  OrderQuoteSchema,
  OrderRequestSchema,
  OrderSchema,
  StatusChangeSchema,
} from './schemas.ts';

const common = { tags: ['shop'], security: [{ bearer: [] }] };
const EXAMPLES = { placed: EXAMPLE_ORDER };

/** Reasons why there is no such order. */
const REFUSALS = [
  shopProblems.unknownProduct,
  shopProblems.insufficientStock,
  shopProblems.mixedCurrencies,
  shopProblems.unknownPromoCode,
  shopProblems.promoCodeUsedUp,
  shopProblems.promoCodeNotApplicable,
];

/** As `problemResponses`, but a 400 may have shortages. */
function orderProblems(types: readonly ProblemType[]) {
  const responses = problemResponses(types) as Record<number, ProblemResponse>;
  const media = responses[400]!.content['application/problem+json'];
  media.schema = Type.Ref(OrderProblemSchema.$id!);
  const problem = shopProblems.insufficientStock(undefined, {
    members: {
      shortages: [{ product: EXAMPLE_QUOTE.parts[0]!.product, requested: 2, available: 1 }],
    },
  });
  media.examples[problem.code] = {
    value: problemBody(problem, '0f5c6a0e-9d1b-4f7e-8a55-2f6f0f1c7d3a'),
  };
  return responses;
}

interface ProblemResponse {
  content: Record<'application/problem+json', { schema: object; examples: Record<string, object> }>;
}

export const placeSchema = {
  ...common,
  operationId: 'placeOrder',
  summary: 'Place an order',
  description:
    'Takes all of what is asked for, or nothing. The order keeps names and prices as they are now. ' +
    'With `Idempotency-Key`, the request can be repeated, also after a lost answer: it orders once.',
  headers: IdempotencyHeadersSchema,
  body: Type.Ref(OrderRequestSchema.$id!),
  response: {
    201: jsonResponse('The order.', OrderSchema, EXAMPLES, {
      Location: { type: 'string', description: 'Where it is.' },
      ...REPLAYED,
    }),
    ...orderProblems([...bodyProblems, ...REFUSALS, ...tokenProblems, ...keyProblems]),
  },
};

export const quoteSchema = {
  ...common,
  operationId: 'quoteOrder',
  summary: 'Ask what an order would be',
  description: 'The same answer as that of an order, and the same refusals. Nothing is taken.',
  body: Type.Ref(OrderRequestSchema.$id!),
  response: {
    200: jsonResponse('The order as it would be.', OrderQuoteSchema, { quote: EXAMPLE_QUOTE }),
    ...orderProblems([...bodyProblems, ...REFUSALS, ...tokenProblems]),
  },
};

export const listSchema = {
  ...common,
  operationId: 'listOrders',
  summary: 'List orders',
  description: 'Your own, the newest first. Administrators can list those of everyone.',
  querystring: OrderQuerySchema,
  response: {
    200: jsonResponse('A page of orders.', OrderPageSchema, { one: examplePage(EXAMPLE_ORDER) }),
    ...problemResponses([
      problems.validationFailed,
      ...tokenProblems,
      shopProblems.administratorsOnly,
    ]),
  },
};

const OF_ONE = [problems.validationFailed, ...tokenProblems, shopProblems.orderNotFound];

export const getSchema = {
  ...common,
  operationId: 'getOrder',
  summary: 'Get an order',
  description: 'One of your own; administrators get any.',
  params: IdParamsSchema,
  response: {
    200: jsonResponse('The order.', OrderSchema, EXAMPLES),
    ...problemResponses(OF_ONE),
  },
};

const CANCELLED = { ...EXAMPLE_ORDER, status: 'cancelled' };
const PAID = { paid: { ...EXAMPLE_ORDER, status: 'paid' } };

export const cancelSchema = {
  ...common,
  operationId: 'cancelOrder',
  summary: 'Cancel an order',
  description:
    'One of your own that has not been shipped. What it took goes back into stock, once, however often ' +
    'this is called.',
  params: IdParamsSchema,
  response: {
    200: jsonResponse('The cancelled order.', OrderSchema, { cancelled: CANCELLED }),
    ...problemResponses([...OF_ONE, shopProblems.invalidTransition]),
  },
};

export const changeSchema = {
  ...common,
  operationId: 'changeOrderStatus',
  summary: 'Change the status of an order',
  description:
    'For administrators. From placed to paid, shipped and delivered, or, before it is shipped, to ' +
    'cancelled.',
  params: IdParamsSchema,
  headers: IdempotencyHeadersSchema,
  body: Type.Ref(StatusChangeSchema.$id!),
  response: {
    200: jsonResponse('The order.', OrderSchema, PAID, REPLAYED),
    ...problemResponses([
      ...bodyProblems,
      ...tokenProblems,
      shopProblems.orderNotFound,
      shopProblems.invalidTransition,
      ...keyProblems,
    ]),
  },
};
