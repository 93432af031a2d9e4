import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { offsetAndLimit, toPage } from '../../http/pages.ts';
import { secured } from '../../http/secured.ts';
import { claimFrom, resultFor } from '../../idempotency/route-support.ts';
import { tierProblems } from './problems.ts';
import { createTier, deleteTier, getTier, listTiers, updateTier } from './schemas.ts';
import type { TierService } from './service.ts';

export interface TierRouteOptions {
  tiers: TierService;
  publicUrl: string;
}

/** Routes for administrators. */
export const tierRoutes: FastifyPluginAsyncTypebox<TierRouteOptions> = async (app, options) => {
  const { tiers, publicUrl } = options;

  app.get('/tiers', {
    ...secured('admin'),
    schema: listTiers,
    handler: async (request) =>
      toPage(request, publicUrl, await tiers.list(offsetAndLimit(request.query))),
  });

  app.get('/tiers/:name', {
    ...secured('admin', { problems: [tierProblems.tierNotFound] }),
    schema: getTier,
    handler: async ({ params }) => tiers.get(params.name),
  });

  app.post('/tiers', {
    ...secured('admin', { idempotent: true, problems: [tierProblems.tierExists] }),
    schema: createTier,
    async handler(request, reply) {
      const tier = resultFor(reply, await tiers.create(request.body, claimFrom(request)));
      reply.code(201).header('location', `${publicUrl}/tiers/${tier.name}`);
      return tier;
    },
  });

  app.patch('/tiers/:name', {
    ...secured('admin', { problems: [tierProblems.tierNotFound] }),
    schema: updateTier,
    handler: async ({ params, body }) => tiers.update(params.name, body),
  });

  app.delete('/tiers/:name', {
    ...secured('admin', {
      problems: [tierProblems.tierNotFound, tierProblems.tierBuiltIn, tierProblems.tierInUse],
    }),
    schema: deleteTier,
    async handler({ params }, reply) {
      await tiers.delete(params.name);
      return reply.code(204).send();
    },
  });
};
