import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { problems } from '../../http/problem.ts';
import { bodyProblems, jsonResponse, problemResponses } from '../../http/responses.ts';
import { TOKEN_LIFETIME } from './keys/key-ring.ts';
import {
  type Credentials,
  CredentialsSchema,
  JwksSchema,
  type Metadata,
  MetadataSchema,
  TokenSchema,
} from './schemas.ts';

const MAX_BODY_BYTES = 16 * 1024;
/** What a token of someone who was not verified opens. */
const GUEST_SCOPE = 'sum';
/** For how long verifiers may keep the keys, in seconds; PUBLISH_LEAD is twice that. */
const JWKS_MAX_AGE = 300;

export interface AuthOptions {
  /** Whether `POST /auth` gives tokens to guests. */
  guests: boolean;
  /** What tokens of accounts can open. */
  accountScopes: readonly string[];
}

export async function authRoutes(app: FastifyInstance, { guests, accountScopes }: AuthOptions) {
  const scopes = [...new Set([...(guests ? [GUEST_SCOPE] : []), ...accountScopes])];
  if (guests) addGuestRoute(app);
  app.get('/.well-known/jwks.json', {
    schema: {
      operationId: 'getSigningKeys',
      tags: ['auth'],
      summary: 'Get the public keys',
      description:
        'The keys that verify tokens: those in use, those about to be, those of tokens that still live.',
      security: [],
      response: {
        200: jsonResponse('Public keys.', JwksSchema, { ES256: EXAMPLE_JWKS }),
        ...problemResponses([]),
      },
    },
    handler: sendKeys,
  });
  for (const [operationId, name] of METADATA_DOCUMENTS) {
    app.get(`/.well-known/${name}`, {
      schema: {
        operationId,
        tags: ['auth'],
        summary: 'Get the metadata of the issuer',
        description: 'Leads verifiers to the public keys.',
        security: [],
        response: {
          200: jsonResponse('Metadata.', MetadataSchema, {
            default: describeIssuer('https://tally.example', ['ES256'], scopes),
          }),
          ...problemResponses([]),
        },
      },
      handler: async ({ server }, reply) => {
        reply.header('cache-control', `public, max-age=${JWKS_MAX_AGE}`);
        return describeIssuer(server.tokens.issuer, server.tokens.algorithms, scopes);
      },
    });
  }
}

function addGuestRoute(app: FastifyInstance) {
  app.post('/auth', {
    bodyLimit: MAX_BODY_BYTES,
    schema: {
      operationId: 'authenticate',
      tags: ['auth'],
      summary: 'Get a token',
      description:
        'Answers any non-empty user name and password with a token that opens `/sum` for an hour. ' +
        'Nothing is verified. Unknown members are ignored.',
      security: [],
      body: Type.Ref(CredentialsSchema.$id!),
      response: {
        200: jsonResponse('A token.', TokenSchema, { guest: EXAMPLE_TOKEN }, NO_STORE),
        ...problemResponses(bodyProblems),
      },
    },
    handler: issueGuestToken,
  });
}

async function issueGuestToken(
  { server, body }: FastifyRequest<{ Body: Credentials }>,
  reply: FastifyReply,
) {
  // Half a surrogate pair has no UTF-8, so a token could not carry the name as it is.
  if (!body.username.isWellFormed())
    throw problems.validationFailed(undefined, {
      errors: [{ path: '/username', message: 'must be well-formed Unicode' }],
    });
  reply.header('cache-control', 'no-store');
  return {
    access_token: server.tokens.sign({ sub: body.username, scope: GUEST_SCOPE, acr: '0' }),
    token_type: 'Bearer',
    expires_in: TOKEN_LIFETIME,
    scope: GUEST_SCOPE,
  };
}

async function sendKeys({ server }: FastifyRequest, reply: FastifyReply) {
  reply.header('cache-control', `public, max-age=${JWKS_MAX_AGE}`);
  return server.tokens.jwks();
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

/** RFC 8414 section 3 and, for verifiers that know only it, OpenID Connect Discovery section 4. */
const METADATA_DOCUMENTS = [
  ['getAuthorizationServerMetadata', 'oauth-authorization-server'],
  ['getOpenidConfiguration', 'openid-configuration'],
] as const;

const NO_STORE = { 'Cache-Control': { type: 'string', description: 'Always no-store.' } };

const EXAMPLE_TOKEN = {
  access_token: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl',
  token_type: 'Bearer',
  expires_in: TOKEN_LIFETIME,
  scope: GUEST_SCOPE,
};

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
