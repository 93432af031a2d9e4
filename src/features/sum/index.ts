import type { FastifyInstance } from 'fastify';
import { createInFlight } from '../../http/in-flight.ts';
import { createDecode } from './decoder.ts';
import { createBackgroundEngine } from './engine/background.ts';
import { createEngine } from './engine/index.ts';
import { sumRoutes } from './routes.ts';
import { DigestSchema } from './schemas.ts';
import type { SumSettings } from './settings.ts';

/** Exact sums of JSON documents. Needs the decorator `requireScope`. */
export async function sumFeature(app: FastifyInstance, { limits }: { limits: SumSettings }) {
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
