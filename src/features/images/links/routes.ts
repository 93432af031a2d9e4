import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { NEWEST_FIRST } from '../../../database/keyset.ts';
import { bodyExamples } from '../../../http/body-examples.ts';
import { idParams, ref, uuid } from '../../../http/fields.ts';
import { examplePage, PageQuerySchema, sliceOf, toPage } from '../../../http/pages.ts';
import { created, noContent, ok } from '../../../http/responses.ts';
import { accountOf, secured } from '../../../http/secured.ts';
import { toTimestamp } from '../../../http/timestamp.ts';
import { claimFrom, resultFor } from '../../../idempotency/route-support.ts';
import { imageProblems } from '../problems.ts';
import type { ImageLinkRow } from '../tables.ts';
import {
  EXAMPLE_LINK,
  LinkPageSchema,
  LinkSchema,
  type LinkView,
  NewLinkSchema,
} from './schemas.ts';
import type { LinkService } from './service.ts';

export interface LinkRouteOptions {
  links: LinkService;
  publicUrl: string;
}

const tags = ['images'];

const createLink = {
  operationId: 'createImageLink',
  tags,
  summary: 'Create a link',
  description:
    'Anyone who has the link can see the image until the link expires. For owners whose tier includes links, and for administrators, whose links may never expire.',
  params: idParams,
  body: ref(NewLinkSchema),
  ...bodyExamples({
    hour: ['For an hour', { expiring_time_seconds: 3600 }],
    thumbnail: ['A thumbnail, for a day', { expiring_time_seconds: 86_400, size: '200px' }],
  }),
  response: { 201: created('The link.', LinkSchema, { hour: EXAMPLE_LINK }) },
};

const listLinks = {
  operationId: 'listImageLinks',
  tags,
  summary: 'List the links of an image',
  description: 'Links that have not expired, the newest first.',
  params: idParams,
  querystring: PageQuerySchema,
  response: { 200: ok('A page of links.', LinkPageSchema, { one: examplePage(EXAMPLE_LINK) }) },
};

const deleteLink = {
  operationId: 'deleteImageLink',
  tags,
  summary: 'Delete a link',
  description: 'Takes effect at once, except in caches, which may keep the image for five minutes.',
  params: Type.Object({ id: uuid('The image.'), link_id: uuid('The link.') }),
  response: { 204: noContent('The link is deleted.') },
};

/** Routes that manage the links of an image, for its owner and administrators. */
export const linkRoutes: FastifyPluginAsyncTypebox<LinkRouteOptions> = async (app, options) => {
  const { links, publicUrl } = options;
  const view = (link: ImageLinkRow): LinkView => ({
    id: link.id,
    url: links.urlOf(link),
    size: link.size,
    created: toTimestamp(link.created_at),
    expires: link.expires_at === null ? null : toTimestamp(link.expires_at),
  });

  app.post('/images/:id/links', {
    ...secured('accounts', {
      idempotent: true,
      problems: [
        imageProblems.linksNotIncluded,
        imageProblems.endlessLinkForbidden,
        imageProblems.imageNotFound,
        imageProblems.sizeNotFound,
      ],
    }),
    schema: createLink,
    async handler(request, reply) {
      const { expiring_time_seconds: lifetime, size } = request.body;
      const claim = claimFrom(request);
      const wanted = { lifetime, size };
      const once = await links.create(accountOf(request), request.params.id, wanted, claim);
      const link = view(resultFor(reply, once));
      reply.code(201).header('location', link.url);
      return link;
    },
  });

  app.get('/images/:id/links', {
    ...secured('accounts', { problems: [imageProblems.imageNotFound] }),
    schema: listLinks,
    async handler(request) {
      const slice = sliceOf(request.query, NEWEST_FIRST);
      const found = await links.list(accountOf(request), request.params.id, slice);
      return toPage({ request, publicUrl, slice, toEntry: view }, found);
    },
  });

  app.delete('/images/:id/links/:link_id', {
    ...secured('accounts', {
      problems: [imageProblems.imageNotFound, imageProblems.linkNotFound],
    }),
    schema: deleteLink,
    async handler(request, reply) {
      const { id, link_id: linkId } = request.params;
      await links.delete(accountOf(request), id, linkId);
      return reply.code(204).send();
    },
  });
};
