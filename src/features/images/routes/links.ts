import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { toPage } from '../../../http/pages.ts';
import { problems } from '../../../http/problem.ts';
import {
  bodyProblems,
  emptyResponse,
  jsonResponse,
  problemResponses,
} from '../../../http/responses.ts';
import { tokenProblems } from '../../../http/secured.ts';
import {
  claimFrom,
  type IdempotencyHeaders,
  IdempotencyHeadersSchema,
  keyProblems,
  REPLAYED,
  resultFor,
} from '../../../idempotency/route-support.ts';
import type { LinkService } from '../link-service.ts';
import { imageProblems } from '../problems.ts';
import {
  type IdParams,
  IdParamsSchema,
  LinkPageSchema,
  type LinkParams,
  LinkParamsSchema,
  LinkSchema,
  type NewLinkBody,
  NewLinkSchema,
  PageQuerySchema,
} from '../schemas.ts';
import type { ImageLinkRow } from '../tables.ts';
import { accountOf, common, LOCATION, MAX_BODY_BYTES, SCOPE, windowOf } from './context.ts';
import { EXAMPLE_LINK, examplePage } from './examples.ts';
import { linkUrl, viewLink } from './views.ts';

interface NewLinkRoute {
  Params: IdParams;
  Body: NewLinkBody;
  Headers: IdempotencyHeaders;
}

export interface LinkRouteOptions {
  links: LinkService;
  publicUrl: string;
}

/** How owners and administrators handle the links of an image. */
export async function linkRoutes(app: FastifyInstance, { links, publicUrl }: LinkRouteOptions) {
  const onRequest = app.requireScope(SCOPE);
  const view = (link: ImageLinkRow) => viewLink(link, linkUrl(publicUrl, links.tokenOf(link)));

  app.post<NewLinkRoute>('/images/:id/links', {
    onRequest,
    bodyLimit: MAX_BODY_BYTES,
    schema: createSchema,
    handler: async (request, reply) => {
      const { expiring_time_seconds: lifetime, size } = request.body;
      const wanted = { lifetime, size };
      const claim = claimFrom(request);
      const once = await links.create(accountOf(request), request.params.id, wanted, claim);
      const link = resultFor(reply, once);
      const viewed = view(link);
      reply.code(201).header('location', viewed.url);
      return viewed;
    },
  });
  app.get<{ Params: IdParams }>('/images/:id/links', {
    onRequest,
    schema: listSchema,
    handler: async (request) => {
      const window = windowOf(request);
      const { count, rows } = await links.list(accountOf(request), request.params.id, window);
      return toPage(request, publicUrl, { count, results: rows.map(view) });
    },
  });
  app.delete<{ Params: LinkParams }>('/images/:id/links/:link_id', {
    onRequest,
    schema: revokeSchema,
    handler: async (request, reply) => {
      const { id, link_id: linkId } = request.params;
      await links.revoke(accountOf(request), id, linkId);
      return reply.code(204).send();
    },
  });
}

const createSchema = {
  ...common,
  operationId: 'createImageLink',
  summary: 'Make a link',
  description:
    'Anyone who has the link sees the image, until it expires. For owners whose tier includes links, and administrators, who may make one without an end.',
  params: IdParamsSchema,
  headers: IdempotencyHeadersSchema,
  body: Type.Ref(NewLinkSchema.$id!),
  response: {
    201: jsonResponse(
      'The link.',
      LinkSchema,
      { hour: EXAMPLE_LINK },
      { ...LOCATION, ...REPLAYED },
    ),
    ...problemResponses([
      ...bodyProblems,
      ...tokenProblems,
      imageProblems.linksNotIncluded,
      imageProblems.endlessLinkForbidden,
      imageProblems.imageNotFound,
      imageProblems.sizeNotFound,
      ...keyProblems,
    ]),
  },
};

const IMAGE_PROBLEMS = [problems.validationFailed, ...tokenProblems, imageProblems.imageNotFound];

const listSchema = {
  ...common,
  operationId: 'listImageLinks',
  summary: 'List the links of an image',
  description: 'Those that have not expired, the newest first.',
  params: IdParamsSchema,
  querystring: PageQuerySchema,
  response: {
    200: jsonResponse('A page of links.', LinkPageSchema, { one: examplePage(EXAMPLE_LINK) }),
    ...problemResponses(IMAGE_PROBLEMS),
  },
};

const revokeSchema = {
  ...common,
  operationId: 'revokeImageLink',
  summary: 'Revoke a link',
  description: 'It leads nowhere from now on, but for caches, which may keep it for five minutes.',
  params: LinkParamsSchema,
  response: {
    204: emptyResponse('It leads nowhere.'),
    ...problemResponses([...IMAGE_PROBLEMS, imageProblems.linkNotFound]),
  },
};
