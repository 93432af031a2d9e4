import { describe, expect, it } from 'vitest';
import { exchange } from '../helpers/raw-http.ts';
import { serverForTest } from '../helpers/server.ts';

describe('no error may be cached', () => {
  it('whatever its status, and whatever the route had said of its answer', async () => {
    const server = await serverForTest({}, (app) => {
      app.get('/broken', { schema: { hide: true } }, async (_request, reply) => {
        reply.headers({
          etag: '"x"',
          'cache-control': 'public, max-age=300',
          'last-modified': 'x',
        });
        throw new Error('something unexpected');
      });
    });
    const requests = [
      ['GET', '/broken', 500],
      ['GET', '/nothing-here', 404],
      ['PUT', '/sum', 405],
      ['GET', '/accounts/me', 401],
      ['GET', '/links/x', 404],
      ['GET', '/products?limit=0', 400],
      ['GET', '/%', 400],
    ] as const;
    for (const [method, path, status] of requests) {
      const response = await fetch(server.url + path, { method });
      expect([path, response.status]).toEqual([path, status]);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('etag')).toBeNull();
      expect(response.headers.get('last-modified')).toBeNull();
    }
    const broken = await exchange(server.url, 'nonsense\r\n\r\n');
    expect([broken.status, broken.headers['cache-control']]).toEqual([400, 'no-store']);
  });
});
