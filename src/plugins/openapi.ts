import { readFileSync } from 'node:fs';
import swagger, {
  type FastifyDynamicSwaggerOptions,
  type SwaggerTransformObject,
} from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { docsPage } from '../docs-page/index.ts';
import { type CompressedText, createCompressedText } from '../http/compressed-text.ts';
import { problemTypes } from '../http/problem.ts';
import {
  mapDiscriminators,
  type OpenApiDocument,
  placeBodyExamples,
  placeSerializations,
  shareComponents,
  sortPaths,
} from './openapi-components.ts';

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);

const DESCRIPTION = `Sign in, add up the numbers of any JSON document exactly, and compare sums by their SHA-256.

Every error is \`application/problem+json\` (RFC 9457) with a stable \`code\`. JSON is snake_case, times are RFC 3339 UTC.`;

/** Says how to begin, by the mode of `POST /auth`. */
const FIRST_STEPS = {
  open: 'To try it here, execute **POST /auth** as it stands, then **POST /sum**: the page picks up the token automatically. Guests may call `/sum`. For the shop and images, execute **POST /accounts** and **POST /accounts/login**.',
  accounts:
    'To try it here, execute **POST /accounts** as it stands, which registers an account, then **POST /auth** or **POST /accounts/login**: the page picks up the token automatically. There are no guests on this server.',
};

const DOCUMENT = {
  openapi: '3.0.3',
  info: {
    title: 'Tally',
    version,
    contact: { name: 'The Tally maintainers' },
    license: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
  },
  servers: [{ url: '/', description: 'This server' }],
  tags: [
    { name: 'auth', description: 'Tokens, and the keys to verify them.' },
    { name: 'sum', description: 'Exact sums of JSON documents.' },
    { name: 'accounts', description: 'Registration, sign-in, sessions and passwords.' },
    {
      name: 'shop',
      description: 'A catalogue, promotions, and orders that cannot oversell.',
    },
    { name: 'images', description: 'Images, their thumbnails, and links that expire.' },
    { name: 'tiers', description: 'The rights that accounts have for their images.' },
    { name: 'health', description: 'Probes for orchestrators and load balancers.' },
  ],
  components: {
    securitySchemes: {
      bearer: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'An access token (RFC 9068) from POST /auth or POST /accounts/login.',
      },
    },
  },
} satisfies FastifyDynamicSwaggerOptions['openapi'];

/** Describes the routes that are registered after it in one OpenAPI document, shown at `/docs`. */
export const openapiPlugin = fp(
  async (app: FastifyInstance, { config }: { config: Config }) => {
    await app.register(swagger, {
      openapi: {
        ...DOCUMENT,
        info: {
          ...DOCUMENT.info,
          description: `${DESCRIPTION}\n\n${FIRST_STEPS[config.auth.mode]}`,
        },
      },
      hideUntagged: true,
      transformObject: completeDocument,
      // Named schemas keep their names, so that the types of the SDK have names too.
      refResolver: {
        buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `def-${index}`),
      },
    });
    let text: CompressedText | undefined;
    app.get('/openapi.json', { schema: { hide: true } }, async (request, reply) => {
      text ??= createCompressedText(
        Buffer.from(JSON.stringify(app.swagger())),
        'application/json; charset=utf-8',
      );
      reply.header('cache-control', 'no-cache');
      return text.encode(request, reply);
    });
    await app.register(docsPage);
  },
  { name: 'openapi' },
);

/** The paths that a person tries first. The others follow as they were registered. */
const FIRST_PATHS = [
  '/auth',
  '/sum',
  '/accounts',
  '/accounts/login',
  '/accounts/me',
  '/products',
  '/products/{id}',
  '/promotions/current',
  '/orders/quote',
  '/orders',
  '/orders/{id}',
  '/images',
  '/images/{id}',
  '/images/{id}/{size}',
];

const completeDocument: SwaggerTransformObject = (document) => {
  const spec = 'openapiObject' in document ? document.openapiObject : document.swaggerObject;
  listProblemCodes(spec as OpenApiDocument);
  mapDiscriminators(spec as OpenApiDocument);
  placeSerializations(spec as OpenApiDocument);
  placeBodyExamples(spec as OpenApiDocument);
  sortPaths(spec as OpenApiDocument, FIRST_PATHS);
  shareComponents(spec as OpenApiDocument);
  return spec;
};

/** Lists the codes of today, once. An `enum` would keep clients from expecting one that is added later. */
function listProblemCodes({ components }: OpenApiDocument): void {
  const codes = [...problemTypes.keys()].sort();
  components!.schemas!.Problem!.properties!.code!['x-extensible-enum'] = codes;
}
