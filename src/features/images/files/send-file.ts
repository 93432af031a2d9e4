import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isNotModified, parseRange } from '../../../http/conditional.ts';
import type { ByteRange } from '../../../storage/storage.ts';
import { imageProblems } from '../problems.ts';
import type { ReadableFile } from './service.ts';

export interface FileToSend {
  file: ReadableFile;
  cacheControl: string;
  open(range?: ByteRange): Promise<Readable | Buffer>;
}

/**
 * Answers GET or HEAD with a file or a range of it, or with 304 (RFC 9110 sections 13 and 14). The headers keep
 * browsers from running anything that a file contains.
 */
export async function sendFile(
  { method, headers }: Pick<FastifyRequest, 'method' | 'headers'>,
  reply: FastifyReply,
  { file, cacheControl, open }: FileToSend,
): Promise<FastifyReply> {
  const etag = `"${file.sha256.toString('base64url')}"`;
  const addHeaders = () =>
    reply.headers({
      etag,
      'cache-control': cacheControl,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'accept-ranges': 'bytes',
    });
  if (isNotModified(headers['if-none-match'], etag)) return addHeaders().code(304).send();
  const { range: wanted, 'if-range': ifRange = etag } = headers;
  const range = method === 'GET' && ifRange === etag ? parseRange(wanted, file.bytes) : undefined;
  if (range === 'unsatisfiable') {
    throw imageProblems.rangeNotSatisfiable(undefined, {
      headers: { 'content-range': `bytes */${file.bytes}` },
    });
  }
  // Opened before the headers are set, which must not describe an error.
  const content = method === 'HEAD' ? undefined : await open(range);
  addHeaders().type(`image/${file.format}`);
  if (range) {
    reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${file.bytes}`);
  }
  reply.header('content-length', range ? range.end - range.start + 1 : file.bytes);
  return reply.send(content);
}
