import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IdParams } from '../../../http/fields.ts';
import { toPage } from '../../../http/pages.ts';
import {
  claimFrom,
  type IdempotencyHeaders,
  resultFor,
} from '../../../idempotency/route-support.ts';
import {
  ADMINISTRATOR,
  CUSTOMER,
  forbidStoring,
  MAX_BODY_BYTES,
  userOf,
  windowOf,
} from '../context.ts';
import { shopProblems } from '../problems.ts';
import type { Store } from '../store.ts';
import {
  cancelSchema,
  changeSchema,
  getSchema,
  listSchema,
  placeSchema,
  quoteSchema,
} from './route-schemas.ts';
import type { OrderQuery, OrderRequest, StatusChange } from './schemas.ts';
import type { OrderService } from './service.ts';
import { viewOrder, viewQuote } from './to-order.ts';

export interface OrderOptions {
  service: OrderService;
  store: Store;
  publicUrl: string;
}

interface PlaceRoute {
  Body: OrderRequest;
  Headers: IdempotencyHeaders;
}

export async function orderRoutes(app: FastifyInstance, options: OrderOptions) {
  const { service, store, publicUrl } = options;
  forbidStoring(app);
  const guarded = { onRequest: app.requireScope(CUSTOMER), bodyLimit: MAX_BODY_BYTES };

  app.post<PlaceRoute>('/orders', {
    ...guarded,
    schema: placeSchema,
    handler: (request, reply) => place(service, request, reply),
  });
  app.post<{ Body: OrderRequest }>('/orders/quote', {
    ...guarded,
    schema: quoteSchema,
    handler: async (request) => viewQuote(await service.quote(userOf(request), request.body)),
  });
  app.get<{ Querystring: OrderQuery }>('/orders', {
    ...guarded,
    schema: listSchema,
    handler: async (request) => {
      const { all, status } = request.query;
      if (all && !isAdministrator(request)) throw shopProblems.administratorsOnly();
      const userId = all ? undefined : userOf(request);
      const filter = { userId, status, ...windowOf(request.query) };
      const { count, records } = await store.snapshot(({ orders }) => orders.list(filter));
      return toPage(request, publicUrl, { count, results: records.map(viewOrder) });
    },
  });
  app.get<{ Params: IdParams }>('/orders/:id', {
    ...guarded,
    schema: getSchema,
    handler: async (request) => {
      const userId = isAdministrator(request) ? undefined : userOf(request);
      return viewOrder(await service.get(request.params.id, userId));
    },
  });
  app.post<{ Params: IdParams }>('/orders/:id/cancel', {
    ...guarded,
    schema: cancelSchema,
    handler: async (request) => viewOrder(await service.cancel(request.params.id, userOf(request))),
  });
  app.post<{ Params: IdParams; Body: StatusChange }>('/orders/:id/status', {
    ...guarded,
    onRequest: app.requireScope(ADMINISTRATOR),
    schema: changeSchema,
    handler: async (request, reply) => {
      const { params, body } = request;
      const claim = claimFrom(request);
      const once = await service.changeStatus(params.id, body.status, userOf(request), claim);
      return viewOrder(resultFor(reply, once));
    },
  });
}

async function place(
  service: OrderService,
  request: FastifyRequest<PlaceRoute>,
  reply: FastifyReply,
) {
  const once = await service.place(userOf(request), request.body, claimFrom(request));
  const record = resultFor(reply, once);
  reply.code(201).header('location', `/orders/${record.order.id}`);
  return viewOrder(record);
}

function isAdministrator({ account }: Pick<FastifyRequest, 'account'>): boolean {
  return account!.scopes.includes(ADMINISTRATOR);
}
