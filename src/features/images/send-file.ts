import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isNotModified } from '../../http/conditional.ts';
import type { ByteRange } from '../../storage/storage.ts';
import type { ReadableFile } from './file-service.ts';
import { imageProblems } from './problems.ts';

export interface SentFile {
  file: ReadableFile;
  cacheControl: string;
  open(range?: ByteRange): Promise<Readable | Buffer>;
}

/**
 * Answers GET or HEAD with a file, as far as the request's conditions ask for it (RFC 9110 sections 13
 * and 14). A browser that is sent somewhere it shows a page runs nothing in it.
 */
export async function sendFile(
  { method, headers }: FastifyRequest,
  reply: FastifyReply,
  { file, cacheControl, open }: SentFile,
): Promise<unknown> {
  const etag = `"${file.sha256.toString('base64url')}"`;
  const describe = () =>
    reply.headers({
      etag,
      'cache-control': cacheControl,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'accept-ranges': 'bytes',
    });
  if (isNotModified(headers['if-none-match'], etag)) return describe().code(304).send();
  const { range: wanted, 'if-range': ifRange = etag } = headers;
  const range = method === 'GET' && ifRange === etag ? parseRange(wanted, file.bytes) : undefined;
  if (range === 'none') {
    throw imageProblems.rangeNotSatisfiable(undefined, {
      headers: { 'content-range': `bytes */${file.bytes}` },
    });
  }
  // Opened first: what is said of the file is not to be said of an error.
  const content = method === 'HEAD' ? undefined : await open(range);
  describe().type(`image/${file.format}`);
  if (range) {
    reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${file.bytes}`);
  }
  reply.header('content-length', range ? range.end - range.start + 1 : file.bytes);
  return reply.send(content);
}

/**
 * RFC 9110 section 14.1.2. What is no range of bytes, or several, is as if it were not there.
 *
 * @returns `none` where the range lies outside of the file.
 */
function parseRange(header: string | undefined, size: number): ByteRange | 'none' | undefined {
  const [, from, to] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header ?? '') ?? [];
  if (from === undefined || to === undefined || from + to === '') return undefined;
  if (from === '') {
    const length = Math.min(Number(to), size);
    return length === 0 ? 'none' : { start: size - length, end: size - 1 };
  }
  const start = Number(from);
  const end = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < start) return undefined;
  return start >= size ? 'none' : { start, end };
}
