import type { IncomingMessage } from 'node:http';
import { nextTick } from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openConnection, parseAnswer } from '../helpers/raw-http.ts';
import { guestToken, serverForTest, startServer, type TestServer } from '../helpers/server.ts';

const JSON_HEADER = 'content-type: application/json\r\n';

/** Sends a header, then a byte every 50 ms until the server has closed. */
async function drip({ url }: TestServer, header: string, bytes = Number.POSITIVE_INFINITY) {
  const socket = await openConnection(url);
  // Whoever goes on sending to a connection that is closed is answered with a reset.
  socket.on('error', () => undefined);
  let answer = '';
  socket.setEncoding('latin1').on('data', (text) => {
    answer += text;
  });
  socket.write(header);
  let sent = 0;
  const timer = setInterval(() => {
    if (sent < bytes) socket.write(' ');
    sent += 1;
    if (sent === bytes) socket.write('[1]');
  }, 50);
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(timer);
  return parseAnswer(answer);
}

it('of JSON have seconds to arrive, however steadily they do', async () => {
  const server = await serverForTest({ BODY_TIMEOUT: '0.5', BODY_MIN_RATE: '0' });
  for (const length of ['content-length: 1000', 'transfer-encoding: chunked']) {
    const answer = await drip(
      server,
      `POST /auth HTTP/1.1\r\nhost: x\r\n${JSON_HEADER}${length}\r\n\r\n`.concat(
        length.startsWith('transfer') ? '3e8\r\n' : '',
      ),
    );
    expect(answer.status).toBe(408);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'request_timeout' });
  }
});

it('need a least rate on average, wherever they go', async () => {
  const server = await serverForTest({ BODY_MIN_RATE: '1000', BODY_IDLE_TIMEOUT: '0.5' });
  const authorization = `authorization: Bearer ${await guestToken(server)}\r\n`;
  const sum = await drip(
    server,
    `POST /sum HTTP/1.1\r\nhost: x\r\n${authorization}content-length: 9000\r\n\r\n`,
  );
  expect(sum.status).toBe(408);
  expect(JSON.parse(sum.body)).toMatchObject({ code: 'request_timeout' });
  // The answer needs no body here; the connection ends all the same.
  const live = await drip(
    server,
    'GET /health/live HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n\r\n',
  );
  expect(live.status).toBe(200);
});

it('may be slow where they keep to the least rate', async () => {
  const server = await serverForTest({ BODY_MIN_RATE: '5', BODY_IDLE_TIMEOUT: '0.5' });
  const token = await guestToken(server);
  const answer = await drip(
    server,
    `POST /sum HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer ${token}\r\ncontent-length: 34\r\n\r\n`,
    31,
  );
  expect(answer.status).toBe(200);
});

it('wait for the server without blame', async () => {
  const server = await serverForTest(
    { BODY_MIN_RATE: '4000000', BODY_IDLE_TIMEOUT: '0.5' },
    (app) => {
      app.post('/slow-reader', {
        config: { readsOwnBody: true },
        handler: async ({ raw }) => {
          for await (const _ of raw) await new Promise((resolve) => setTimeout(resolve, 100));
          return 'read';
        },
      });
      app.addContentTypeParser('*', (_request, _payload, done) => done(null));
    },
  );
  const response = await fetch(`${server.url}/slow-reader`, {
    method: 'POST',
    body: Buffer.alloc(1024 ** 2),
    headers: { 'content-type': 'application/octet-stream' },
  });
  expect(await response.text()).toBe('read');
});

// Without a listener then, it would be an uncaught exception, which fails the run.
it('of clients that leave are no unexpected error, though nobody listens any more', async () => {
  let received: IncomingMessage | undefined;
  const server = await startServer({}, (app) => {
    const options = { schema: { hide: true }, config: { readsOwnBody: true } };
    app.get('/leaves', options, async ({ raw }, reply) => {
      const ignore = () => undefined;
      raw.on('error', ignore);
      // Between the turn in which Node looks for listeners and the one in which it tells them.
      raw.once('aborted', () => nextTick(() => nextTick(() => raw.off('error', ignore))));
      received = raw;
      return reply.hijack();
    });
  });
  onTestFinished(() => server.close());
  const socket = await openConnection(server.url);
  socket.write('GET /leaves HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n[');
  await expect.poll(() => received).toBeDefined();
  // Not `once` of node:events, which would listen to the error.
  const aborted = new Promise((resolve) => received!.once('aborted', resolve));
  socket.destroy();
  await aborted;
  await setImmediate();
  expect(received!.errored).toMatchObject({ code: 'ECONNRESET' });
});

it('forgets a request once its body has arrived', async () => {
  const requests: WeakRef<IncomingMessage>[] = [];
  const { url } = await serverForTest({ BODY_IDLE_TIMEOUT: '60' }, (app) => {
    app.addHook('onResponse', async ({ raw }) => void requests.push(new WeakRef(raw)));
  });
  const count = 20;
  for (let index = 0; index < count; index++) {
    await fetch(`${url}/auth`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"username":"ada","password":"any"}',
    }).then((response) => response.text());
  }
  await vi.waitUntil(() => requests.length === count);
  // In a turn of its own, because references that have been read are kept until the end of theirs.
  await setImmediate();
  collectGarbage();
  // A connection may keep its last request.
  expect(requests.filter((request) => request.deref()).length).toBeLessThan(count / 2);
});

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}
