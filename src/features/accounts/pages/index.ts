import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

const ASSETS = new URL('assets/', import.meta.url);

/** Lets a page load its own files and call the API alone. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const FILES = [
  ['/pages/reset-password', 'reset-password.html', 'text/html; charset=utf-8'],
  ['/pages/reset-password.js', 'reset-password.js', 'text/javascript; charset=utf-8'],
  ['/pages/page.css', 'page.css', 'text/css; charset=utf-8'],
] as const;

/** Serves the pages that links in mails lead to, for those who have no front end of their own. */
export async function accountPages(app: FastifyInstance) {
  for (const [path, name, type] of FILES) {
    const content = readFileSync(new URL(name, ASSETS));
    app.get(path, { schema: { hide: true } }, (_request, reply) =>
      reply
        .headers({
          'content-type': type,
          'content-security-policy': CONTENT_SECURITY_POLICY,
          'referrer-policy': 'no-referrer',
        })
        .send(content),
    );
  }
}
