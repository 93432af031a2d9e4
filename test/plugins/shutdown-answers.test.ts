import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { openConnection } from '../helpers/raw-http.ts';
import { startServer } from '../helpers/server.ts';

it('does not wait for a client that keeps its connection after an answer that had begun', async () => {
  const body = new PassThrough();
  const server = await startServer({}, (app) => {
    app.get('/slow', { schema: { hide: true } }, async (_request, reply) => reply.send(body));
  });
  const socket = await openConnection(server.url);
  socket.write('GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n');
  body.write('a');
  await new Promise((resolve) => socket.once('data', resolve));
  socket.resume();
  const closed = server.close();
  await expect.poll(() => server.app.shutdown.begun).toBe(true);
  body.end('z');
  // The connection would be kept for 72 s.
  const began = Date.now();
  await closed;
  expect(Date.now() - began).toBeLessThan(10_000);
  socket.destroy();
});
