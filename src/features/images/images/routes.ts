import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { NEWEST_FIRST } from '../../../database/keyset.ts';
import { idParams } from '../../../http/fields.ts';
import { examplePage, PageQuerySchema, sliceOf, toPage } from '../../../http/pages.ts';
import { noContent, ok } from '../../../http/responses.ts';
import { accountOf, secured } from '../../../http/secured.ts';
import type { ImageUrls } from '../files/image-urls.ts';
import { imageProblems } from '../problems.ts';
import { EXAMPLE_IMAGE, ImagePageSchema, ImageSchema } from './schemas.ts';
import type { ImageService, VisibleImage } from './service.ts';
import { viewImage } from './views.ts';

export interface ImageRouteOptions {
  images: ImageService;
  urls: ImageUrls;
  publicUrl: string;
}

const tags = ['images'];

const listImages = {
  operationId: 'listImages',
  tags,
  summary: 'List your images',
  description: 'The newest first.',
  querystring: PageQuerySchema,
  response: { 200: ok('A page of images.', ImagePageSchema, { one: examplePage(EXAMPLE_IMAGE) }) },
};

const getImage = {
  operationId: 'getImage',
  tags,
  summary: 'Get an image',
  description: 'The sizes of an image and their addresses. For its owner and administrators.',
  params: idParams,
  response: { 200: ok('The image.', ImageSchema, { photo: EXAMPLE_IMAGE }) },
};

const deleteImage = {
  operationId: 'deleteImage',
  tags,
  summary: 'Delete an image',
  description:
    'Deletes all its sizes and links, too. For its owner and administrators. Its bytes are removed soon after.',
  params: idParams,
  response: { 204: noContent('The image is deleted.') },
};

export const imageRoutes: FastifyPluginAsyncTypebox<ImageRouteOptions> = async (app, options) => {
  const { images, urls, publicUrl } = options;

  app.get('/images', {
    ...secured('accounts'),
    schema: listImages,
    async handler(request) {
      const slice = sliceOf(request.query, NEWEST_FIRST);
      const toEntry = (image: VisibleImage) => viewImage(image, urls.urlOf);
      const columnsOf = ({ image }: VisibleImage) => image;
      const found = await images.list(accountOf(request), slice);
      return toPage({ request, publicUrl, slice, toEntry, columnsOf }, found);
    },
  });

  app.get('/images/:id', {
    ...secured('accounts', { problems: [imageProblems.imageNotFound] }),
    schema: getImage,
    handler: async (request) =>
      viewImage(await images.get(accountOf(request), request.params.id), urls.urlOf),
  });

  app.delete('/images/:id', {
    ...secured('accounts', { problems: [imageProblems.imageNotFound] }),
    schema: deleteImage,
    async handler(request, reply) {
      await images.delete(accountOf(request), request.params.id);
      return reply.code(204).send();
    },
  });
};
