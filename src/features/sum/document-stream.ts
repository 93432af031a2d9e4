import type { IncomingMessage } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib';
import { problems } from '../../problem.ts';

/** How many decoded bytes come at once: enough to be fast, little enough for the event loop. */
const chunkSize = 64 * 1024;

/** The codings of RFC 9110 section 8.4.1, RFC 7932 (br) and RFC 8878 (zstd). */
const DECODERS: Record<string, () => Transform> = {
  gzip: () => createGunzip({ chunkSize }),
  'x-gzip': () => createGunzip({ chunkSize }),
  deflate: () => createInflate({ chunkSize }),
  br: () => createBrotliDecompress({ chunkSize }),
  zstd: () => createZstdDecompress({ chunkSize }),
};

/** `curl -d` says that its body is a form; `text/json` is what older clients say. */
const JSON_MEDIA_TYPE =
  /^(?:application\/json|text\/json|application\/x-www-form-urlencoded|[\w!#$&^.+-]+\/[\w!#$&^.+-]+\+json)$/i;

/** @throws {Problem} 415 for a body that does not claim to be JSON; one that claims nothing is read as JSON. */
export function checkMediaType(contentType: string | undefined): void {
  if (contentType === undefined || contentType === 'application/json') return;
  const mediaType = contentType.split(';', 1)[0]!.trim();
  if (!JSON_MEDIA_TYPE.test(mediaType)) throw problems.unsupportedMediaType();
}

/**
 * The document within a request's body, decoded.
 *
 * @throws {Problem} 415 for a coding that is not known, with those that are.
 */
export function openDocument(request: IncomingMessage): Readable {
  const coding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (coding === 'identity') return request;
  const createDecoder = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined;
  if (!createDecoder) {
    throw problems.unsupportedEncoding('Send the body as it is, or as gzip, deflate, br or zstd.', {
      headers: { 'accept-encoding': 'gzip, deflate, br, zstd' },
    });
  }
  const decoder = createDecoder();
  request.once('error', (error) => decoder.destroy(error));
  return request.pipe(decoder);
}
