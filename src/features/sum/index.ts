import type { FastifyInstance } from 'fastify';
import { createInFlight } from '../../http/in-flight.ts';
import { createDecode } from './decoder.ts';
import { createBackgroundEngine } from './engine/background.ts';
import { createEngine } from './engine/index.ts';
import { sumRoutes } from './routes.ts';
import { DigestSchema } from './schemas.ts';

export interface SumLimits {
  maxBytes: number;
  maxDepth: number;
  maxDigits: number;
  maxExponent: number;
  /** Most decoded bytes for each compressed one, beyond the first mebibyte. */
  maxRatio: number;
  /** Compressed documents that one client may have in flight. */
  compressedInFlight: number;
  /** Most memory of all documents in flight, in bytes, and as much again for decoding them. */
  maxMemory: number;
  /** Threads that scan large documents; 0 if they are scanned where they are read. */
  threads: number;
}

/** Exact sums of JSON documents. Needs the decorator `requireScope`. */
export async function sumFeature(app: FastifyInstance, { limits }: { limits: SumLimits }) {
  app.addSchema(DigestSchema);
  // Any body is accepted here and handed on unread: the handler knows more kinds than Fastify does.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  const { maxBytes, maxMemory, threads } = limits;
  // Each engine has memory of its own.
  const engineLimits = { ...limits, maxMemory: maxMemory / (threads + 1) };
  const background = threads > 0 ? createBackgroundEngine(engineLimits, threads) : undefined;
  app.addHook('onClose', () => background?.close());
  await app.register(sumRoutes, {
    engine: createEngine(engineLimits),
    background,
    maxBytes,
    decode: createDecode(limits),
    compressed: createInFlight(limits.compressedInFlight),
  });
}
