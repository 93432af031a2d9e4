import type { FastifyInstance } from 'fastify';
import { createInFlight } from '../../http/in-flight.ts';
import { createAnswerMemory } from './answer-memory.ts';
import { createDecode } from './decoder.ts';
import { sumRoutes } from './routes.ts';
import { schemas } from './schemas.ts';
import type { SumSettings } from './settings.ts';
import { createSumStreams } from './streams/index.ts';

/** Exact sums of JSON documents. Needs what checks the scopes of routes, such as the `auth` feature. */
export async function sumFeature(app: FastifyInstance, { limits }: { limits: SumSettings }) {
  for (const schema of schemas) app.addSchema(schema);
  // Bodies are passed on unread: the handler accepts more types than Fastify does.
  app.removeAllContentTypeParsers();
  // Fastify remembers the parser of a named type, and parses the type of any other for each request.
  for (const type of ['application/json', '*']) {
    app.addContentTypeParser(type, (_request, payload, done) => done(null, payload));
  }
  const streams = createSumStreams(limits, limits.threads);
  app.addHook('onClose', () => streams.close());
  await app.register(sumRoutes, {
    streams,
    maxBytes: limits.maxBytes,
    decode: createDecode(limits),
    holdAnswer: createAnswerMemory(limits.maxMemory),
    compressed: createInFlight(limits.compressedInFlight),
  });
}
