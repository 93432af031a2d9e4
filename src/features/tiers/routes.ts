import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { ref } from '../../http/fields.ts';
import { examplePage, PageQuerySchema, sliceOf, toPage } from '../../http/pages.ts';
import { created, noContent, ok } from '../../http/responses.ts';
import { accountOf, secured } from '../../http/secured.ts';
import { claimFrom, resultFor } from '../../idempotency/route-support.ts';
import { tierExamples } from './examples.ts';
import { tierProblems } from './problems.ts';
import { BY_NAME } from './repository.ts';
import {
  EXAMPLE_TIER,
  NewTierSchema,
  type Tier,
  TierChangesSchema,
  TierPageSchema,
  TierParamsSchema,
  TierSchema,
} from './schemas.ts';
import type { TierService } from './service.ts';

export interface TierRouteOptions {
  tiers: TierService;
  publicUrl: string;
}

const tags = ['tiers'];
const tier = ok('The tier.', TierSchema, { premium: EXAMPLE_TIER });

const listTiers = {
  operationId: 'listTiers',
  tags,
  summary: 'List tiers',
  description: 'For administrators.',
  querystring: PageQuerySchema,
  response: { 200: ok('A page of tiers.', TierPageSchema, { one: examplePage(EXAMPLE_TIER) }) },
};

const getOwnTier = {
  operationId: 'getOwnTier',
  tags,
  summary: 'Get your tier',
  description: 'The rights that your account has for its images.',
  response: { 200: tier },
};

const paramsOf = (example: string) =>
  Type.Object({ name: { ...TierParamsSchema.properties.name, examples: [example] } });

const getTier = {
  operationId: 'getTier',
  tags,
  summary: 'Get a tier',
  description: 'For administrators.',
  params: paramsOf('basic'),
  response: { 200: tier },
};

const createTier = {
  operationId: 'createTier',
  tags,
  summary: 'Create a tier',
  description: 'For administrators. `PATCH /accounts/{id}` gives the tier to an account.',
  body: ref(NewTierSchema),
  ...tierExamples.create,
  response: { 201: created('The tier.', TierSchema, { premium: EXAMPLE_TIER }) },
};

const updateTier = {
  operationId: 'updateTier',
  tags,
  summary: 'Update a tier',
  description:
    'For administrators. Takes effect at once, also for images that were uploaded before: thumbnails of a new height are made when they are first read.',
  params: paramsOf('gallery'),
  body: ref(TierChangesSchema),
  ...tierExamples.update,
  response: { 200: tier },
};

const deleteTier = {
  operationId: 'deleteTier',
  tags,
  summary: 'Delete a tier',
  description:
    'For administrators. A tier that accounts have, or that came with Tally, cannot be deleted.',
  params: TierParamsSchema,
  response: { 204: noContent('The tier is deleted.') },
};

/** Tiers: accounts may read their own; everything else is for administrators. */
export const tierRoutes: FastifyPluginAsyncTypebox<TierRouteOptions> = async (app, options) => {
  const { tiers, publicUrl } = options;

  app.get('/tiers', {
    ...secured('admin'),
    schema: listTiers,
    handler: async (request) => {
      const slice = sliceOf(request.query, BY_NAME);
      const toEntry = (listed: Tier) => listed;
      return toPage({ request, publicUrl, slice, toEntry }, await tiers.list(slice));
    },
  });

  app.get('/tiers/mine', {
    ...secured('accounts'),
    schema: getOwnTier,
    handler: (request) => tiers.resolve(accountOf(request).tier),
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
