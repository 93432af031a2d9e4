import { readdirSync, readFileSync } from 'node:fs';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { compressTexts } from './compress-texts.ts';

const ASSETS = new URL('assets/', import.meta.url);

/** Lets the page load its own files alone; `data:` is for the icons in the style sheet of Swagger UI. */
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

/** Set by `page.js`, which runs in the browser before Swagger UI starts; typed as the options of Swagger UI are. */
declare const tally: {
  /** Swagger UI takes a list of plugins for one. */
  plugins: { fn?: Record<string, unknown> };
  /** Takes operations, not names. */
  sortOperations(one: string, other: string): number;
};

/** Serves Swagger UI at `/docs`, with our own style, scripts and header. */
export async function docsPage(app: FastifyInstance) {
  compressTexts(app);
  app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/docs'));
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: CONTENT_SECURITY_POLICY,
    theme: {
      title: 'Tally API',
      css: [{ filename: 'page.css', content: read('page.css') }],
      js: [{ filename: 'page.js', content: joinModules() }],
      favicon: [
        {
          filename: 'icon.svg',
          rel: 'icon',
          sizes: 'any',
          type: 'image/svg+xml',
          content: read('icon.svg'),
        },
      ],
    },
    uiConfig: {
      layout: 'BaseLayout',
      // Functions are sent to the browser as source text.
      plugins: [() => tally.plugins],
      operationsSorter: (one: string, other: string) => tally.sortOperations(one, other),
      displayRequestDuration: true,
      tryItOutEnabled: true,
      defaultModelsExpandDepth: 0,
      filter: true,
    },
  });
}

function read(name: string): string {
  return readFileSync(new URL(name, ASSETS), 'utf8');
}

/** Joins the modules of the page in one script, `page.js` last. */
function joinModules(): string {
  const names = readdirSync(ASSETS).filter((name) => name.endsWith('.js') && name !== 'page.js');
  const bodies = [...names.sort(), 'page.js'].map((name) =>
    read(name)
      .replace(/^import .*\n/gm, '')
      .replace(/^export /gm, ''),
  );
  return `(() => {\n'use strict';\n${bodies.join('\n')}})();\n`;
}
