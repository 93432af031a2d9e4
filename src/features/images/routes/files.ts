import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { networkOf } from '../../../http/client-network.ts';
import { createInFlight } from '../../../http/in-flight.ts';
import { Problem, problems } from '../../../http/problem.ts';
import { problemResponses } from '../../../http/responses.ts';
import { tokenProblems } from '../../../http/secured.ts';
import { storageUnavailable } from '../../../storage/errors.ts';
import type { FileService } from '../file-service.ts';
import type { LinkService } from '../link-service.ts';
import { imageProblems } from '../problems.ts';
import type { SizeRights } from '../rights.ts';
import {
  type SizeParams,
  SizeParamsSchema,
  type TokenParams,
  TokenParamsSchema,
} from '../schemas.ts';
import { sendFile } from '../send-file.ts';
import { accountOf, common, SCOPE } from './context.ts';

export interface FileRouteOptions {
  links: LinkService;
  files: FileService;
  /** Downloads in flight of one account, or of links of one network. */
  perClient: number;
}

/** Where the bytes of images are. */
export async function fileRoutes(app: FastifyInstance, options: FileRouteOptions) {
  const { links, files, perClient } = options;
  const inFlight = createInFlight(perClient);
  type SizeRequest = FastifyRequest<{ Params: SizeParams }>;
  type LinkRequest = FastifyRequest<{ Params: TokenParams }>;

  async function sendSize(request: SizeRequest, reply: FastifyReply) {
    const { id, size } = request.params;
    const account = accountOf(request);
    takePlace(account.id, reply);
    const mayRead = (owner: string) => owner === account.id || account.role === 'admin';
    const file = await patiently(reply, files.find(id, size, mayRead));
    return sendFile(request, reply, {
      file,
      // Kept by the reader alone, who asks each time whether it may still be shown.
      cacheControl: 'private, no-cache',
      open: (range) => files.open(file, range),
    });
  }

  async function sendLinked(request: LinkRequest, reply: FastifyReply) {
    reply.header('referrer-policy', 'no-referrer');
    takePlace(networkOf(request.ip), reply);
    const link = await links.follow(request.params.token);
    const mayRead = (_: string, tier: SizeRights) =>
      tier.expiring_links || link.by_administrator === 1;
    const found = files.find(link.image_id, link.size, mayRead).catch(hideImage);
    const file = await patiently(reply, found);
    return sendFile(request, reply, {
      file,
      cacheControl: `public, max-age=${maxAge(link.expires_at)}, must-revalidate`,
      open: (range) => files.open(file, range).catch(hideImage),
    });
  }

  /** A place is held until the answer is out: slow readers use up their own, and no one else's. */
  function takePlace(client: string, { raw }: FastifyReply): void {
    if (!inFlight.enter(client)) {
      throw problems.tooManyInFlight(undefined, { headers: { 'retry-after': '1' } });
    }
    raw.once('close', () => inFlight.leave(client));
  }

  const bySize = { onRequest: app.requireScope(SCOPE), handler: sendSize };
  // HEAD first: one that Fastify adds to GET by itself would answer Content-Length: 0.
  app.head<{ Params: SizeParams }>('/images/:id/:size', { ...bySize, schema: hidden(sizeSchema) });
  app.get<{ Params: SizeParams }>('/images/:id/:size', { ...bySize, schema: sizeSchema });

  const byLink = { config: { hasSecretPath: true }, handler: sendLinked };
  app.head<{ Params: TokenParams }>('/links/:token', { ...byLink, schema: hidden(linkSchema) });
  app.get<{ Params: TokenParams }>('/links/:token', { ...byLink, schema: linkSchema });
}

/** Keeps a connection open on which nothing moves while a thumbnail is being made. */
async function patiently<T>({ raw }: FastifyReply, work: Promise<T>): Promise<T> {
  const goOn = () => undefined;
  raw.on('timeout', goOn);
  return work.finally(() => raw.off('timeout', goOn));
}

/** Who has a link learns nothing of what is behind it. */
function hideImage(error: Error): never {
  const isHidden = error instanceof Problem && error.status === 404;
  throw isHidden ? imageProblems.linkNotFound() : error;
}

/** How long a cache may not notice that a link was revoked, in seconds. */
const LINK_MAX_AGE = 300;

/** No longer than the link lives. */
function maxAge(expiresAt: number | null): number {
  if (expiresAt === null) return LINK_MAX_AGE;
  return Math.max(0, Math.min(LINK_MAX_AGE, Math.floor((expiresAt - Date.now()) / 1000)));
}

/** HEAD is as GET; a second entry would only make a second method of the client. */
function hidden({ params, response }: { params: object; response: object }) {
  return { hide: true, params, response };
}

const binary = { schema: { type: 'string', format: 'binary' } };
const content = { 'image/jpeg': binary, 'image/png': binary };
const text = (description: string) => ({ type: 'string', description });
const fileHeaders = {
  ETag: text('Changes with the bytes.'),
  'Cache-Control': text('How long it may be kept.'),
  'Accept-Ranges': text('Always bytes.'),
};

const fileResponses = {
  200: { description: 'The file.', headers: fileHeaders, content },
  206: {
    description: 'The part of the file that `Range` asked for.',
    headers: { ...fileHeaders, 'Content-Range': text('Which part it is.') },
    content,
  },
  304: { description: 'It is what `If-None-Match` says.', headers: fileHeaders, type: 'null' },
};

const fileProblems = [
  problems.tooManyInFlight,
  imageProblems.rangeNotSatisfiable,
  imageProblems.imageCorrupt,
  imageProblems.tooManyPixels,
  imageProblems.imageTooSlow,
  imageProblems.queueFull,
  storageUnavailable,
];

const sizeSchema = {
  ...common,
  operationId: 'downloadImage',
  summary: 'Download a size of an image',
  description:
    'For the owner and administrators, as far as the tier of the owner includes the size now. Knows `Range` and `If-None-Match`.',
  params: SizeParamsSchema,
  response: {
    ...fileResponses,
    ...problemResponses([
      problems.validationFailed,
      ...tokenProblems,
      imageProblems.imageNotFound,
      imageProblems.sizeNotFound,
      ...fileProblems,
    ]),
  },
};

const linkSchema = {
  tags: ['images'],
  security: [],
  operationId: 'followImageLink',
  summary: 'See an image by a link',
  description: 'For anyone who has the link. Knows `Range` and `If-None-Match`.',
  params: TokenParamsSchema,
  response: {
    ...fileResponses,
    ...problemResponses([
      problems.validationFailed,
      imageProblems.linkNotFound,
      imageProblems.linkExpired,
      problems.databaseUnavailable,
      ...fileProblems,
    ]),
  },
};
