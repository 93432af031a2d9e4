import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isNotModified } from './conditional.ts';

/** The codings that browsers accept, the best first; over plain HTTP, they accept Brotli from loopback alone. */
const COMPRESSORS = {
  br: (text: Buffer) =>
    promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (text: Buffer) => promisify(gzip)(text, { level: 9 }),
};
type Coding = keyof typeof COMPRESSORS;
const CODINGS = Object.keys(COMPRESSORS) as Coding[];

export interface CompressedText {
  /**
   * Returns the text in the best coding that the client accepts, or nothing if the client holds it, and sets the status and
   * the headers of the reply.
   */
  encode(request: FastifyRequest, reply: FastifyReply): Promise<Buffer | ''>;
}

/** Prepares a text that never changes. Each of its codings is made once, when it is first asked for. */
export function createCompressedText(text: Buffer, contentType: string): CompressedText {
  const etag = `"${hash('sha256', text, 'base64url').slice(0, 22)}"`;
  const compressed = new Map<Coding, Promise<Buffer>>();

  function compress(coding: Coding): Promise<Buffer> {
    let bytes = compressed.get(coding);
    if (!bytes) {
      bytes = COMPRESSORS[coding](text);
      compressed.set(coding, bytes);
    }
    return bytes;
  }

  return {
    async encode({ headers }, reply) {
      // The tag is weak, because it is the same for all codings (RFC 9110 section 8.8.1).
      reply.headers({ etag: `W/${etag}`, vary: varyOf(reply) }).type(contentType);
      reply.removeHeader('content-length');
      if (isNotModified(headers['if-none-match'], etag)) {
        reply.code(304);
        return '';
      }
      const coding = acceptedCoding(headers['accept-encoding']);
      if (coding) reply.header('content-encoding', coding);
      return coding ? await compress(coding) : text;
    },
  };
}

/** Returns the best coding of an Accept-Encoding header (RFC 9110 section 12.5.3), without regard to order. */
function acceptedCoding(header: string | string[] = ''): Coding | undefined {
  const accepted = String(header)
    .split(',')
    .map((entry) => entry.toLowerCase().replaceAll(/\s/g, '').split(';q='))
    .filter(([, weight = '1']) => Number(weight) > 0)
    .map(([name]) => name);
  return CODINGS.find((coding) => accepted.includes(coding));
}

/** CORS may vary the answer already. */
const varyOf = (reply: FastifyReply) =>
  [reply.getHeader('vary'), 'accept-encoding'].filter(Boolean).join(', ');
