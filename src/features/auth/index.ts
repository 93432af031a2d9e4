import type { FastifyInstance } from 'fastify';
import { type AuthOptions, authRoutes } from './routes.ts';
import { CredentialsSchema, JwksSchema, MetadataSchema, TokenSchema } from './schemas.ts';

/**
 * Tokens for guests, and the keys with which others verify all tokens. Needs the decorator `tokens`.
 * Without `guests`, `POST /auth` is left to whoever knows the accounts.
 */
export async function authFeature(app: FastifyInstance, options: AuthOptions) {
  for (const schema of [CredentialsSchema, TokenSchema, JwksSchema, MetadataSchema]) {
    app.addSchema(schema);
  }
  await app.register(authRoutes, options);
}
