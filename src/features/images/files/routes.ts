import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { networkOf } from '../../../http/client-network.ts';
import { createInFlight } from '../../../http/in-flight.ts';
import { Problem, problems } from '../../../http/problem.ts';
import { accountOf, secured } from '../../../http/secured.ts';
import { storageUnavailable } from '../../../storage/errors.ts';
import type { LinkService } from '../links/service.ts';
import { imageProblems } from '../problems.ts';
import { downloadImage, followImageLink } from './schemas.ts';
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
