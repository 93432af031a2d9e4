import type { FastifyInstance } from 'fastify';
import { createBackgroundEngine } from './engine/background.ts';
import { createEngine } from './engine/index.ts';
import { sumRoutes } from './routes.ts';
import { DigestSchema } from './schemas.ts';

export interface SumLimits {
  maxBytes: number;
  maxDepth: number;
  maxDigits: number;
  maxExponent: number;
  /** Threads that scan large documents; 0 if they are scanned where they are read. */
  threads: number;
}

/** Exact sums of JSON documents. Needs the decorator `requireScope`. */
export async function sumFeature(app: FastifyInstance, { limits }: { limits: SumLimits }) {
  app.addSchema(DigestSchema);
  // Any body is accepted here and handed on unread: the handler knows more kinds than Fastify does.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  const { maxBytes, threads } = limits;
  const background = threads > 0 ? createBackgroundEngine(limits, threads) : undefined;
  app.addHook('onClose', () => background?.close());
  await app.register(sumRoutes, { engine: createEngine(limits), background, maxBytes });
}
