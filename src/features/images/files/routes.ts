import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { networkOf } from '../../../http/client-network.ts';
import { uuid } from '../../../http/fields.ts';
import { createInFlight } from '../../../http/in-flight.ts';
import { Problem, problems } from '../../../http/problem.ts';
import { accountOf, secured } from '../../../http/secured.ts';
import { storageUnavailable } from '../../../storage/errors.ts';
import type { LinkService } from '../links/service.ts';
import { imageProblems } from '../problems.ts';
import type { ImageUrls, Signature } from './image-urls.ts';
import { sendFile } from './send-file.ts';
import type { FileService } from './service.ts';

export interface FileRouteOptions {
  links: LinkService;
  urls: ImageUrls;
  files: FileService;
  /** Most downloads in flight of one account, or of signed addresses and links of one network. */
  perClient: number;
}

/** Longest time for which caches may show an image whose link or right has ended, in seconds. */
const MAX_AGE = 300;

/** Lets pages of all origins show the image (also under COEP), without telling anyone its address. */
const FOR_PAGES = {
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
};

const binary = { schema: { type: 'string', format: 'binary' } };
const content = { 'image/jpeg': binary, 'image/png': binary };
const header = (description: string) => ({ type: 'string', description });
const headers = {
  ETag: header('Changes with the bytes.'),
  'Cache-Control': header('How long the file may be kept.'),
  'Accept-Ranges': header('Always `bytes`.'),
};

const responses = {
  200: { description: 'The file.', headers, content },
  206: {
    description: 'The part of the file that `Range` asked for.',
    headers: { ...headers, 'Content-Range': header('The part that is sent.') },
    content,
  },
  304: { description: 'The file has the tag in `If-None-Match`.', headers, type: 'null' },
};

const downloadImage = {
  operationId: 'downloadImage',
  tags: ['images'],
  summary: 'Download a size of an image',
  description:
    'For the owner and administrators, and whoever has its signed `url`, if the tier of the owner includes the size now. Supports `Range` and `If-None-Match`.',
  params: Type.Object({
    id: uuid('The image.'),
    size: Type.String({
      maxLength: 16,
      description: '`original`, or a height as in `200px`.',
      examples: ['200px'],
    }),
  }),
  querystring: Type.Object({
    expires: Type.Optional(
      Type.String({
        maxLength: 16,
        description:
          'The time at which a signed `url` ends, in seconds since 1970, as the `url` has it.',
      }),
    ),
    signature: Type.Optional(
      Type.String({
        maxLength: 64,
        description: 'The signature of a signed `url`. A token replaces it and `expires`.',
      }),
    ),
  }),
  response: responses,
};

const followImageLink = {
  operationId: 'followImageLink',
  tags: ['images'],
  summary: 'Download an image by a link',
  description: 'For anyone who has the link. Supports `Range` and `If-None-Match`.',
  params: Type.Object({
    token: Type.String({ maxLength: 200, description: 'The last part of the `url` of a link.' }),
  }),
  response: responses,
};

const readProblems = [
  imageProblems.rangeNotSatisfiable,
  imageProblems.imageCorrupt,
  imageProblems.tooManyPixels,
  imageProblems.imageTooSlow,
  imageProblems.queueFull,
  storageUnavailable,
];
const sizeProblems = [
  imageProblems.invalidSignature,
  imageProblems.signatureExpired,
  imageProblems.imageNotFound,
  imageProblems.sizeNotFound,
  ...readProblems,
];
const linkProblems = [
  imageProblems.linkNotFound,
  imageProblems.linkExpired,
  problems.databaseUnavailable,
  ...readProblems,
];

/** Routes that send the bytes of images. */
export const fileRoutes: FastifyPluginAsyncTypebox<FileRouteOptions> = async (app, options) => {
  const { links, urls, files, perClient } = options;
  const inFlight = createInFlight(perClient);

  /** Holds a place until the response has been sent: slow readers use up their own places only. */
  function enter(client: string, { raw }: FastifyReply): void {
    if (!inFlight.enter(client)) throw problems.tooManyInFlight();
    raw.once('close', () => inFlight.leave(client));
  }

  async function sendSigned(
    request: FastifyRequest,
    reply: FastifyReply,
    { id, size, ...signature }: Signature & { id: string; size: string },
  ): Promise<FastifyReply> {
    reply.headers(FOR_PAGES);
    enter(networkOf(request.ip), reply);
    const expiresAt = urls.check(id, size, signature);
    const file = await withoutTimeout(reply, files.findForUrl(id, size));
    return sendFile(request, reply, {
      file,
      cacheControl: `private, ${maxAge(expiresAt)}`,
      open: (range) => files.open(file, range),
    });
  }

  forGetAndHead((method, isHidden) =>
    app.route({
      method,
      url: '/images/:id/:size',
      // Where the question mark before a signature is encoded, the path holds it.
      ...secured('accounts', { hasSignature, hasSecretPath: true, problems: sizeProblems }),
      schema: { ...downloadImage, hide: isHidden },
      async handler(request, reply) {
        const { params, query } = request;
        const { id, size } = params;
        if (hasSignature(request)) return sendSigned(request, reply, { id, size, ...query });
        const account = accountOf(request);
        enter(account.id, reply);
        const file = await withoutTimeout(reply, files.findForAccount(account, id, size));
        return sendFile(request, reply, {
          file,
          // Only the client may keep it, and must ask each time whether it may still show it.
          cacheControl: 'private, no-cache',
          open: (range) => files.open(file, range),
        });
      },
    }),
  );

  forGetAndHead((method, isHidden) =>
    app.route({
      method,
      url: '/links/:token',
      config: { hasSecretPath: true, problems: linkProblems },
      schema: { ...followImageLink, hide: isHidden },
      async handler(request, reply) {
        reply.headers(FOR_PAGES);
        enter(networkOf(request.ip), reply);
        const link = await links.follow(request.params.token);
        const file = await withoutTimeout(reply, files.findForLink(link).catch(hideImage));
        return sendFile(request, reply, {
          file,
          cacheControl: `public, ${maxAge(link.expires_at)}`,
          open: (range) => files.open(file, range).catch(hideImage),
        });
      },
    }),
  );
};

/**
 * Adds HEAD before GET, because the HEAD route that Fastify derives from GET answers `Content-Length: 0`. It is
 * not in the specification, where it would only give the client a second method.
 */
function forGetAndHead(add: (method: 'GET' | 'HEAD', isHidden: boolean) => void): void {
  add('HEAD', true);
  add('GET', false);
}

/** Keeps the connection open while a thumbnail is made and nothing is sent. */
async function withoutTimeout<T>({ raw }: FastifyReply, work: Promise<T>): Promise<T> {
  const ignore = () => undefined;
  raw.on('timeout', ignore);
  return work.finally(() => raw.off('timeout', ignore));
}

/** Answers as for an unknown link, so that a link shows nothing of the image behind it. */
function hideImage(error: Error): never {
  const isNotFound = error instanceof Problem && error.status === 404;
  throw isNotFound ? imageProblems.linkNotFound() : error;
}

/** Returns how long an address may be cached: never longer than it is valid. */
function maxAge(expiresAt: number | null): string {
  const left = expiresAt === null ? MAX_AGE : Math.floor((expiresAt - Date.now()) / 1000);
  return `max-age=${Math.max(0, Math.min(MAX_AGE, left))}, must-revalidate`;
}

/** Tells whether the signature of an address decides. If there is a token, that does. */
function hasSignature({ query, headers }: Pick<FastifyRequest, 'query' | 'headers'>): boolean {
  const { signature } = query as Signature;
  return signature !== undefined && !/^bearer\b/i.test(headers.authorization ?? '');
}
