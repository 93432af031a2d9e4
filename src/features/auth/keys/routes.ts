import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { ok } from '../../../http/responses.ts';
import { JWKS_MAX_AGE_SECONDS } from './key-ring.ts';
import { JwksSchema, type Metadata, MetadataSchema } from './schemas.ts';

export const keyRoutes: FastifyPluginAsyncTypebox<{ scopes: string[] }> = async (
  app,
  { scopes },
) => {
  for (const schema of [JwksSchema, MetadataSchema]) app.addSchema(schema);
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`);
  });
  app.get('/.well-known/jwks.json', {
    schema: getSigningKeys,
    handler: async () => app.tokens.jwks(),
  });
  for (const [operationId, name] of METADATA_DOCUMENTS) {
    app.get(`/.well-known/${name}`, {
      schema: { ...getMetadata(scopes), operationId },
      handler: async () => describeIssuer(app.tokens.issuer, app.tokens.algorithms, scopes),
    });
  }
};

/** RFC 8414 section 3 and, for verifiers that know only it, OpenID Connect Discovery section 4. */
const METADATA_DOCUMENTS = [
  ['getAuthorizationServerMetadata', 'oauth-authorization-server'],
  ['getOpenidConfiguration', 'openid-configuration'],
] as const;

const EXAMPLE_JWKS = {
  keys: [
    {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
      kid: 'oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U',
      alg: 'ES256',
      use: 'sig',
    },
  ],
};

const getSigningKeys = {
  operationId: 'getSigningKeys',
  tags: ['auth'],
  summary: 'Get the public keys',
  description:
    'The keys that verify tokens: the current key, its successor, and the keys of tokens that have not expired.',
  response: { 200: ok('Public keys.', JwksSchema, { ES256: EXAMPLE_JWKS }) },
};

function getMetadata(scopes: string[]) {
  const example = describeIssuer('https://tally.example', ['ES256'], scopes);
  return {
    tags: ['auth'],
    summary: 'Get the metadata of the issuer',
    description: 'Tells verifiers where the public keys are.',
    response: { 200: ok('Metadata.', MetadataSchema, { default: example }) },
  };
}

function describeIssuer(issuer: string, algorithms: string[], scopes: string[]): Metadata {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    service_documentation: `${issuer}/docs`,
    scopes_supported: scopes,
    response_types_supported: [],
    grant_types_supported: [],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: algorithms,
  };
}
