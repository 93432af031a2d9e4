import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type CompressedText, createCompressedText } from '../http/compressed-text.ts';

const TEXT = /^(text\/(html|css|javascript)|application\/(javascript|json)|image\/svg\+xml)\b/;

/** Compresses the texts that the routes of a scope answer with. Each is compressed once, and sent again only if it has changed. */
export function compressTexts(app: FastifyInstance): void {
  const texts = new Map<string, Promise<CompressedText>>();

  app.addHook('onSend', async (request, reply, payload) => {
    const type = String(reply.getHeader('content-type') ?? '');
    const isText = request.method === 'GET' && reply.statusCode === 200 && TEXT.test(type);
    if (!isText) return payload;
    reply.header('cache-control', 'no-cache');
    const key = `${type} ${versionOf(reply, payload)}`;
    let text = texts.get(key);
    if (text && payload instanceof Readable) payload.destroy();
    text ??= bytesOf(payload).then((bytes) => createCompressedText(bytes, type));
    texts.set(key, text);
    return (await text).encode(request, reply);
  });
}

/** Returns what tells a text from others: for a file, the tag made of its size and its time. */
function versionOf(reply: FastifyReply, payload: unknown): string {
  const isFile = payload instanceof Readable;
  return isFile ? String(reply.getHeader('etag')) : hash('sha256', payload as string);
}

async function bytesOf(payload: unknown): Promise<Buffer> {
  return payload instanceof Readable ? buffer(payload) : Buffer.from(payload as string);
}
