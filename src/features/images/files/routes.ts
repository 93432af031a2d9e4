import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { FastifyReply } from 'fastify';
import { networkOf } from '../../../http/client-network.ts';
import { uuid } from '../../../http/fields.ts';
import { createInFlight } from '../../../http/in-flight.ts';
import { Problem, problems } from '../../../http/problem.ts';
import { accountOf, secured } from '../../../http/secured.ts';
import { storageUnavailable } from '../../../storage/errors.ts';
import type { LinkService } from '../links/service.ts';
import { imageProblems } from '../problems.ts';
import { sendFile } from './send-file.ts';
import type { FileService } from './service.ts';

export interface FileRouteOptions {
  links: LinkService;
  files: FileService;
  /** Most downloads in flight of one account, or of links of one network. */
  perClient: number;
}

/** Longest time for which caches may serve a link that has been deleted, in seconds. */
const LINK_MAX_AGE = 300;

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
    'For the owner and administrators, if the tier of the owner includes the size now. Supports `Range` and `If-None-Match`.',
  params: Type.Object({
    id: uuid('The image.'),
    size: Type.String({ maxLength: 16, description: '`original`, or a height as in `200px`.' }),
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
  problems.tooManyInFlight,
  imageProblems.rangeNotSatisfiable,
  imageProblems.imageCorrupt,
  imageProblems.tooManyPixels,
  imageProblems.imageTooSlow,
  imageProblems.queueFull,
  storageUnavailable,
];
const sizeProblems = [imageProblems.imageNotFound, imageProblems.sizeNotFound, ...readProblems];
const linkProblems = [
  imageProblems.linkNotFound,
  imageProblems.linkExpired,
  problems.databaseUnavailable,
  ...readProblems,
];

/** Routes that send the bytes of images. */
export const fileRoutes: FastifyPluginAsyncTypebox<FileRouteOptions> = async (app, options) => {
  const { links, files, perClient } = options;
  const inFlight = createInFlight(perClient);

  /** Holds a place until the response has been sent: slow readers use up their own places only. */
  function enter(client: string, { raw }: FastifyReply): void {
    if (!inFlight.enter(client)) throw problems.tooManyInFlight();
    raw.once('close', () => inFlight.leave(client));
  }

  forGetAndHead((method, isHidden) =>
    app.route({
      method,
      url: '/images/:id/:size',
      ...secured('accounts', { problems: sizeProblems }),
      schema: { ...downloadImage, hide: isHidden },
      async handler(request, reply) {
        const { id, size } = request.params;
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
        reply.header('referrer-policy', 'no-referrer');
        enter(networkOf(request.ip), reply);
        const link = await links.follow(request.params.token);
        const file = await withoutTimeout(reply, files.findForLink(link).catch(hideImage));
        return sendFile(request, reply, {
          file,
          cacheControl: `public, max-age=${maxAge(link.expires_at)}, must-revalidate`,
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

/** Returns how long a link may be cached, in seconds: never longer than it is valid. */
function maxAge(expiresAt: number | null): number {
  if (expiresAt === null) return LINK_MAX_AGE;
  return Math.max(0, Math.min(LINK_MAX_AGE, Math.floor((expiresAt - Date.now()) / 1000)));
}
