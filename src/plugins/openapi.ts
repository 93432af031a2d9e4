import { readFileSync } from 'node:fs';
import swagger, {
  type FastifyDynamicSwaggerOptions,
  type SwaggerTransformObject,
} from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { problemTypes } from '../http/problem.ts';
import {
  mapDiscriminators,
  type OpenApiDocument,
  placeSerializations,
  shareComponents,
} from './openapi-components.ts';

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);

const DESCRIPTION = `Sign in, add up the numbers of any JSON document exactly, and compare sums by their SHA-256.

Every error is \`application/problem+json\` (RFC 9457) with a stable \`code\`. JSON is snake_case, times are RFC 3339 UTC.

To try it here: execute **POST /auth** with any user name and password, or **POST /accounts/login** with those of an account. The page picks up the token automatically.`;

const DOCUMENT = {
  openapi: '3.0.3',
  info: {
    title: 'Tally',
    version,
    description: DESCRIPTION,
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
  async (app: FastifyInstance) => {
    await app.register(swagger, {
      openapi: DOCUMENT,
      hideUntagged: true,
      transformObject: completeDocument,
      // Named schemas keep their names, so that the types of the SDK have names too.
      refResolver: {
        buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `def-${index}`),
      },
    });
    await app.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: CONTENT_SECURITY_POLICY,
      uiConfig: {
        layout: 'BaseLayout',
        plugins: [authorizeAfterSignIn, showTextUnquoted],
        displayRequestDuration: true,
        tryItOutEnabled: true,
        persistAuthorization: false,
      },
      theme: { title: 'Tally API' },
    });
    app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/docs'));
    app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  },
  { name: 'openapi' },
);

const completeDocument: SwaggerTransformObject = (document) => {
  const spec = 'openapiObject' in document ? document.openapiObject : document.swaggerObject;
  listProblemCodes(spec as OpenApiDocument);
  mapDiscriminators(spec as OpenApiDocument);
  placeSerializations(spec as OpenApiDocument);
  shareComponents(spec as OpenApiDocument);
  return spec;
};

/** Lists the codes of today. An `enum` would keep clients from expecting one that is added later. */
function listProblemCodes({ components }: OpenApiDocument): void {
  const codes = [...problemTypes.keys()].sort();
  for (const { properties } of Object.values(components?.schemas ?? {})) {
    if (properties?.code && properties.request_id) properties.code['x-extensible-enum'] = codes;
  }
}

/** Lets Swagger UI load its own files alone; `data:` is for the icons in its style sheet. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // Images in responses are shown from blobs.
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface SwaggerUiSystem {
  authActions: { authorize(credentials: object): void };
}
type SetResponse = (
  path: string,
  method: string,
  response: { status: number; body?: unknown },
) => unknown;

type GetSample = (schema: object, mediaType: string, options: object, example?: unknown) => unknown;

/**
 * A plugin of Swagger UI that shows examples of JSON Lines and sequences as they are: it would take any media type with
 * "json" in its name for one JSON value, and put the text in quotes. It is sent to the browser as source text, so
 * it must not use anything outside itself.
 */
function showTextUnquoted() {
  return {
    afterLoad(this: { fn: { getSampleSchema: GetSample } }) {
      const original = this.fn.getSampleSchema;
      this.fn.getSampleSchema = (schema, mediaType, options, example) => {
        const isText = typeof example === 'string' && !/[/+]json$/.test(mediaType);
        return isText ? example : original(schema, mediaType, options, example);
      };
    },
  };
}

/**
 * A plugin of Swagger UI that signs later calls with the token of a response. It is sent to the browser as
 * source text, so it must not use anything outside itself. The token stays in the page's memory.
 */
function authorizeAfterSignIn() {
  const setResponse =
    (original: SetResponse, system: SwaggerUiSystem): SetResponse =>
    (path, method, response) => {
      const { token_type, access_token } = Object(response.body);
      if (response.status === 200 && token_type === 'Bearer') {
        const schema = { type: 'http', scheme: 'bearer' };
        system.authActions.authorize({ bearer: { name: 'bearer', schema, value: access_token } });
      }
      return original(path, method, response);
    };
  return { statePlugins: { spec: { wrapActions: { setResponse } } } };
}
