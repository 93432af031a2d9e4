import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { offsetAndLimit, toPage } from '../../../http/pages.ts';
import { accountOf, secured } from '../../../http/secured.ts';
import { imageProblems } from '../problems.ts';
import { deleteImage, getImage, listImages } from './schemas.ts';
import type { ImageService } from './service.ts';
import { viewImage } from './views.ts';

export interface ImageRouteOptions {
  images: ImageService;
  publicUrl: string;
}

export const imageRoutes: FastifyPluginAsyncTypebox<ImageRouteOptions> = async (app, options) => {
  const { images, publicUrl } = options;

  app.get('/images', {
    ...secured('accounts'),
    schema: listImages,
    async handler(request) {
      const slice = offsetAndLimit(request.query);
      const { count, results } = await images.list(accountOf(request), slice);
      const views = results.map((image) => viewImage(image, publicUrl));
      return toPage(request, publicUrl, { count, results: views });
    },
  });

  app.get('/images/:id', {
    ...secured('accounts', { problems: [imageProblems.imageNotFound] }),
    schema: getImage,
    handler: async (request) =>
      viewImage(await images.get(accountOf(request), request.params.id), publicUrl),
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
