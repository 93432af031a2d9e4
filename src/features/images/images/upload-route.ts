import { rm } from 'node:fs/promises';
import multipart from '@fastify/multipart';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createInFlight } from '../../../http/in-flight.ts';
import { problems } from '../../../http/problem.ts';
import { created } from '../../../http/responses.ts';
import { accountOf, secured } from '../../../http/secured.ts';
import { toTimestamp } from '../../../http/timestamp.ts';
import { buildValidator } from '../../../http/validation.ts';
import { claimFrom, resultFor } from '../../../idempotency/route-support.ts';
import { storageUnavailable } from '../../../storage/errors.ts';
import type { ImageUrls } from '../files/image-urls.ts';
import type { LinkService } from '../links/service.ts';
import { imageProblems } from '../problems.ts';
import type { ImageLinkRow } from '../tables.ts';
import {
  EXAMPLE_UPLOAD,
  UploadedImageSchema,
  type UploadedImageView,
  UploadSchema,
} from './schemas.ts';
import { receiveUpload, type Upload } from './upload-form.ts';
import type { Uploads } from './uploads.ts';
import { viewImage } from './views.ts';

export interface UploadRouteOptions {
  uploads: Uploads;
  links: LinkService;
  urls: ImageUrls;
  scratchFolder: string;
  publicUrl: string;
  /** Most uploads of one account in flight. */
  perAccount: number;
}

const uploadImage = {
  operationId: 'uploadImage',
  tags: ['images'],
  summary: 'Upload an image',
  description:
    'Makes the thumbnails that your tier includes. Thumbnails are upright, in sRGB, never larger than the image, and without metadata such as the place of a photograph; the original stays byte for byte the same.',
  consumes: ['multipart/form-data'],
  body: UploadSchema,
  response: { 201: created('The image.', UploadedImageSchema, { photo: EXAMPLE_UPLOAD }) },
};

const uploadProblems = [
  problems.malformedRequest,
  imageProblems.malformedMultipart,
  imageProblems.linksNotIncluded,
  imageProblems.quotaExceeded,
  problems.requestTimeout,
  imageProblems.imageTooLarge,
  imageProblems.notMultipart,
  imageProblems.unsupportedImage,
  problems.unsupportedMediaType,
  problems.unsupportedEncoding,
  imageProblems.imageCorrupt,
  imageProblems.tooManyPixels,
  imageProblems.imageTooSlow,
  imageProblems.queueFull,
  storageUnavailable,
];

const validate = buildValidator({}, {});

/** The upload of images, in a context of its own where every body is a form. */
export const uploadRoute: FastifyPluginAsyncTypebox<UploadRouteOptions> = async (app, options) => {
  const { uploads, scratchFolder, perAccount } = options;
  const inFlight = createInFlight(perAccount);
  app.removeAllContentTypeParsers();
  await app.register(multipart);
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  app.post('/images', {
    ...secured('accounts', { readsOwnBody: true, idempotent: true, problems: uploadProblems }),
    // The form is read as it arrives, so there is no body to validate.
    validatorCompiler: (route) =>
      route.httpPart === 'body' ? () => true : validate(route as never),
    schema: uploadImage,
    handler: (request, reply) =>
      inFlight.run(accountOf(request).id, async () => {
        // An image that waits for a decoder leaves the connection idle, which is no stall.
        reply.raw.on('timeout', () => undefined);
        const allowance = await uploads.allow(accountOf(request), claimFrom(request, {}));
        try {
          const upload = await receiveUpload(request, { scratchFolder, ...allowance });
          await confirmSession(request, upload);
          return await createImage(request, reply, upload, options);
        } finally {
          allowance.release();
        }
      }),
  });
};

/** Checks the session again: it may have ended during the upload. */
async function confirmSession(request: FastifyRequest, { file }: Upload): Promise<void> {
  try {
    await request.server.confirmSession(request);
  } catch (error) {
    await rm(file.path, { force: true });
    throw error;
  }
}

async function createImage(
  request: FastifyRequest,
  reply: FastifyReply,
  upload: Upload,
  { uploads, links, urls, publicUrl }: UploadRouteOptions,
): Promise<UploadedImageView> {
  const isAwaited = () => !request.raw.socket.destroyed;
  const claim = claimFrom(request, {
    sha256: upload.file.sha256.toString('hex'),
    link_lifetime: upload.linkLifetime,
  });
  const once = await uploads.create(accountOf(request), upload, isAwaited, claim);
  const created = resultFor(reply, once);
  const { image, link } = created;
  reply.code(201).header('location', `${publicUrl}/images/${image.id}`);
  return {
    ...viewImage(created, urls.urlOf),
    ...(link && { link: viewUploadLink(link, links) }),
  };
}

function viewUploadLink(link: ImageLinkRow, links: LinkService) {
  return { url: links.urlOf(link), size: link.size, expires: toTimestamp(link.expires_at!) };
}
