import { rm } from 'node:fs/promises';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createInFlight } from '../../../http/in-flight.ts';
import { toPage } from '../../../http/pages.ts';
import { problems } from '../../../http/problem.ts';
import { emptyResponse, jsonResponse, problemResponses } from '../../../http/responses.ts';
import { type SignedInAccount, tokenProblems } from '../../../http/secured.ts';
import { buildValidator } from '../../../http/validation.ts';
import {
  claimFrom,
  IdempotencyHeadersSchema,
  keyProblems,
  REPLAYED,
  resultFor,
} from '../../../idempotency/route-support.ts';
import { storageUnavailable } from '../../../storage/errors.ts';
import type { ImageService } from '../image-service.ts';
import type { LinkService } from '../link-service.ts';
import { imageProblems } from '../problems.ts';
import {
  type IdParams,
  IdParamsSchema,
  ImagePageSchema,
  ImageSchema,
  PageQuerySchema,
  UploadedImageSchema,
  UploadSchema,
} from '../schemas.ts';
import { receiveUpload, type Upload } from '../upload.ts';
import { accountOf, common, LOCATION, SCOPE, windowOf } from './context.ts';
import { EXAMPLE_IMAGE, EXAMPLE_UPLOAD, examplePage } from './examples.ts';
import { linkUrl, viewImage, viewUploadLink } from './views.ts';

export interface ImageRouteOptions {
  images: ImageService;
  links: LinkService;
  scratchFolder: string;
  publicUrl: string;
  /** Uploads of one account in flight. */
  perAccount: number;
}

export async function imageRoutes(app: FastifyInstance, options: ImageRouteOptions) {
  const { images, publicUrl } = options;
  const onRequest = app.requireScope(SCOPE);

  await app.register(uploadRoute, options);
  app.get('/images', {
    onRequest,
    schema: listSchema,
    handler: async (request) => {
      const { count, results } = await images.list(accountOf(request), windowOf(request));
      return toPage(request, publicUrl, {
        count,
        results: results.map((image) => viewImage(image, publicUrl)),
      });
    },
  });
  app.get<{ Params: IdParams }>('/images/:id', {
    onRequest,
    schema: getSchema,
    handler: async (request) =>
      viewImage(await images.get(accountOf(request), request.params.id), publicUrl),
  });
  app.delete<{ Params: IdParams }>('/images/:id', {
    onRequest,
    schema: deleteSchema,
    handler: async (request, reply) => {
      await images.remove(accountOf(request), request.params.id);
      return reply.code(204).send();
    },
  });
}

const validateHeaders = buildValidator({}, {});

/** In a context of its own, where forms and nothing else are bodies. */
async function uploadRoute(app: FastifyInstance, options: ImageRouteOptions) {
  const { images, links, scratchFolder, publicUrl, perAccount } = options;
  const inFlight = createInFlight(perAccount);
  app.removeAllContentTypeParsers();
  await app.register(multipart);
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  app.post('/images', {
    onRequest: app.requireScope(SCOPE),
    config: { readsOwnBody: true },
    // The form is read as it arrives; there is no value to hold against a schema.
    validatorCompiler: (route) =>
      route.httpPart === 'body' ? () => true : validateHeaders(route as never),
    schema: uploadSchema,
    handler: async (request, reply) => {
      const account = accountOf(request);
      if (!inFlight.enter(account.id)) {
        throw problems.tooManyInFlight(undefined, { headers: { 'retry-after': RETRY_AFTER } });
      }
      try {
        return await receive(request, reply, account);
      } finally {
        inFlight.leave(account.id);
      }
    },
  });

  async function receive(request: FastifyRequest, reply: FastifyReply, account: SignedInAccount) {
    // While an image waits for its turn nothing moves on the connection. That is no stall.
    reply.raw.on('timeout', () => undefined);
    const allowance = await images.allow(account, claimFrom(request, {}));
    try {
      const upload = await receiveUpload(request, { scratchFolder, ...allowance });
      await confirm(request, upload);
      return await store(request, reply, accountOf(request), upload);
    } finally {
      allowance.release();
    }
  }

  /** An upload may take an hour, and its session may have ended meanwhile. */
  async function confirm(request: FastifyRequest, { file }: Upload): Promise<void> {
    try {
      await app.confirmScope(request);
    } catch (error) {
      await rm(file.path, { force: true });
      throw error;
    }
  }

  async function store(
    request: FastifyRequest,
    reply: FastifyReply,
    account: SignedInAccount,
    upload: Upload,
  ) {
    const isAwaited = () => !request.raw.socket.destroyed;
    const claim = claimFrom(request, {
      sha256: upload.file.sha256.toString('hex'),
      link_lifetime: upload.linkLifetime,
    });
    const once = await images.create(account, upload, isAwaited, claim);
    const { image, link } = resultFor(reply, once);
    reply.code(201).header('location', `${publicUrl}/images/${image.id}`);
    const url = link && linkUrl(publicUrl, links.tokenOf(link));
    return {
      ...viewImage(image, publicUrl),
      ...(link && { link: viewUploadLink(link, url!) }),
    };
  }
}

const RETRY_AFTER = '1';

const uploadSchema = {
  ...common,
  operationId: 'uploadImage',
  summary: 'Upload an image',
  description:
    'Makes the thumbnails that your tier includes. Thumbnails are upright, in sRGB, never larger than the image, and without metadata such as the place of a photograph; the original stays byte for byte what it was.',
  consumes: ['multipart/form-data'],
  headers: IdempotencyHeadersSchema,
  body: UploadSchema,
  response: {
    201: jsonResponse(
      'The image.',
      UploadedImageSchema,
      { photo: EXAMPLE_UPLOAD },
      {
        ...LOCATION,
        ...REPLAYED,
      },
    ),
    ...problemResponses([
      problems.malformedRequest,
      imageProblems.malformedMultipart,
      problems.validationFailed,
      ...tokenProblems,
      imageProblems.linksNotIncluded,
      imageProblems.quotaExceeded,
      problems.requestTimeout,
      imageProblems.imageTooLarge,
      imageProblems.notMultipart,
      imageProblems.unsupportedImage,
      problems.unsupportedEncoding,
      imageProblems.imageCorrupt,
      imageProblems.tooManyPixels,
      imageProblems.imageTooSlow,
      problems.tooManyInFlight,
      imageProblems.queueFull,
      ...keyProblems,
      storageUnavailable,
    ]),
  },
};

const listSchema = {
  ...common,
  operationId: 'listImages',
  summary: 'List your images',
  description: 'The newest first.',
  querystring: PageQuerySchema,
  response: {
    200: jsonResponse('A page of images.', ImagePageSchema, { one: examplePage(EXAMPLE_IMAGE) }),
    ...problemResponses([problems.validationFailed, ...tokenProblems]),
  },
};

const ONE_IMAGE_PROBLEMS = [
  problems.validationFailed,
  ...tokenProblems,
  imageProblems.imageNotFound,
];

const getSchema = {
  ...common,
  operationId: 'getImage',
  summary: 'Get an image',
  description: 'What sizes it has, and where. For its owner and administrators.',
  params: IdParamsSchema,
  response: {
    200: jsonResponse('The image.', ImageSchema, { photo: EXAMPLE_IMAGE }),
    ...problemResponses(ONE_IMAGE_PROBLEMS),
  },
};

const deleteSchema = {
  ...common,
  operationId: 'deleteImage',
  summary: 'Delete an image',
  description:
    'With all its sizes and links. For its owner and administrators. Its bytes are removed soon after.',
  params: IdParamsSchema,
  response: {
    204: emptyResponse('It is gone.'),
    ...problemResponses(ONE_IMAGE_PROBLEMS),
  },
};
