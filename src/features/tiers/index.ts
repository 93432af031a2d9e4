import type { FastifyInstance } from 'fastify';
import { type TierRouteOptions, tierRoutes } from './routes.ts';
import { tierSchemas } from './schemas.ts';

/** Tiers, which say what accounts may do with images. Needs the decorators `database` and `idempotency`, and scopes. */
export async function tiersFeature(app: FastifyInstance, options: TierRouteOptions) {
  for (const schema of tierSchemas) app.addSchema(schema);
  await app.register(tierRoutes, options);
}
