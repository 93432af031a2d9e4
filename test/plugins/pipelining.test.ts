import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { collectFacts } from '../helpers/facts.ts';
import { openConnection, readToEnd } from '../helpers/raw-http.ts';
import { serverForTest, type TestServer } from '../helpers/server.ts';

const LIVE = 'GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n';

/** Opens a connection that collects what it is answered. */
async function connect({ url }: TestServer, from?: string) {
  const socket = await openConnection(url, from);
  onTestFinished(() => void socket.destroy());
  const answers: string[] = [];
  socket.setEncoding('latin1').on('error', () => undefined);
  socket.on('data', (text) => answers.push(...(String(text).match(/HTTP\/1\.1 \d+/g) ?? [])));
  return { socket, answers };
}

/** A sign-in of a guest that carries a text of so many bytes, and its number. */
function signIn(number: number, bytes: number, field = ''): string {
  const body = JSON.stringify({ username: 'u', password: 'p'.repeat(bytes) });
  const head = `POST /auth HTTP/1.1\r\nhost: x\r\nx-request-id: n${number}\r\n${field}`;
  return `${head}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

describe('requests that a connection sends without waiting for answers', () => {
  it('let those of other clients in between', async () => {
    const server = await serverForTest({ MAX_PIPELINED: '10000' });
    const [flood, other] = [await connect(server), await connect(server, '127.0.0.2')];
    const hasBegun = new Promise((resolve) => flood.socket.once('data', resolve));
    flood.socket.write(LIVE.repeat(1500));
    await hasBegun;
    other.socket.write(LIVE);
    await expect.poll(() => other.answers.length, { interval: 1 }).toBe(1);
    expect(flood.answers.length).toBeLessThan(1000);
    await expect.poll(() => flood.answers.length, { timeout: 30_000 }).toBe(1500);
  });

  it('are answered in their order, whatever they carry', async () => {
    const server = await serverForTest({ MAX_PIPELINED: '300' });
    const { socket } = await connect(server);
    const all = Array.from({ length: 200 }, (_, number) =>
      number % 3 === 0
        ? LIVE.replace('host', `x-request-id: n${number}\r\nhost`)
        : signIn(number, number % 2 ? 10 : 900, number % 5 ? '' : 'expect: 100-continue\r\n'),
    );
    socket.write(all.join(''));
    const close = 'host: x\r\nx-request-id: n200\r\nconnection: close\r\n\r\n';
    socket.write(`GET /health/live HTTP/1.1\r\n${close}`);
    const text = await readToEnd(socket);
    const ids = [...text.matchAll(/x-request-id: n(\d+)/g)].map(([, id]) => Number(id));
    expect(ids).toEqual(Array.from({ length: 201 }, (_, number) => number));
  });

  it.each([
    ['', 'GET'],
    ['expect: 100-continue\r\n', 'expecting'],
  ])('are not looked at beyond MAX_PIPELINED (%#)', async (field) => {
    const server = await serverForTest({ MAX_PIPELINED: '5', LOG_LEVEL: 'info' });
    const { socket } = await connect(server);
    socket.write(LIVE.replace('\r\nhost', `\r\n${field}host`).repeat(1000));
    const text = await readToEnd(socket);
    expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(6);
    expect(text.match(/connection: close/gi)).toHaveLength(1);
    expect(text.lastIndexOf('HTTP/1.1 200')).toBeLessThan(text.search(/connection: close/i));
    expect(server.logs().match(/"msg":"request"/g)).toHaveLength(6);
  });

  it('are bounded on all connections of a client together', async () => {
    const published = collectFacts();
    const { promise: answered, resolve: answer } = Promise.withResolvers<string>();
    const server = await serverForTest({ MAX_PIPELINED_PER_CLIENT: '50' }, (app) => {
      app.get('/slow', { schema: { hide: true } }, () => answered);
    });
    const requests = 'GET /slow HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(21);
    const crowd = await Promise.all(Array.from({ length: 6 }, () => connect(server)));
    for (const { socket } of crowd) socket.write(requests);
    await expect
      .poll(() => crowd.filter(({ socket }) => socket.destroyed).length, { timeout: 10_000 })
      .toBe(4);
    expect(published).toContainEqual({ type: 'limit_reached', limit: 'pipelined' });
    // Those that are closed count no longer.
    for (const { socket } of crowd) socket.destroy();
    answer('late');
    const sendThirty = async () => {
      const { socket, answers } = await connect(server);
      socket.write(LIVE.repeat(30));
      while (answers.length < 30 && !socket.destroyed) await setTimeout(10);
      return answers.length;
    };
    await expect.poll(sendThirty, { timeout: 10_000 }).toBe(30);
  });

  it('of one client do not keep those of another waiting', async () => {
    const order: string[] = [];
    const server = await serverForTest({}, (app) => {
      app.get('/who', { schema: { hide: true } }, async ({ ip }) => {
        order.push(ip);
        return ip;
      });
    });
    const who = 'GET /who HTTP/1.1\r\nhost: x\r\n\r\n';
    const crowd = await Promise.all(Array.from({ length: 300 }, () => connect(server)));
    const other = await openConnection(server.url, '127.0.0.2');
    onTestFinished(() => void other.destroy());
    // The server accepts one connection in each turn.
    for (const socket of [...crowd.map(({ socket }) => socket), other]) {
      socket.write(LIVE);
      await once(socket, 'data');
    }
    // All of it arrives before the server, which shares this event loop, reads again.
    for (const { socket } of crowd) socket.write(who);
    other.write(who);
    await expect.poll(() => order.length, { timeout: 10_000 }).toBe(301);
    expect(order.indexOf('127.0.0.2')).toBeLessThan(300 - 8);
  });

  it('are read on all connections in the end, when one client sends many', async () => {
    const server = await serverForTest();
    const crowd = await Promise.all(Array.from({ length: 100 }, () => connect(server)));
    for (const { socket } of crowd) socket.write(LIVE.repeat(20));
    const count = () => crowd.reduce((sum, { answers }) => sum + answers.length, 0);
    await expect.poll(count, { timeout: 15_000 }).toBe(2000);
    for (const { socket } of crowd) socket.write(LIVE);
    await expect.poll(count, { timeout: 15_000 }).toBe(2100);
  });

  it('of a client that floods the server do not keep another one from connecting', async () => {
    let parsed = 0;
    const server = await serverForTest();
    server.app.server.prependListener('request', () => {
      parsed++;
    });
    const before = parsed;
    for (let index = 0; index < 40; index++) {
      const flood = await openConnection(server.url, '127.0.0.2');
      onTestFinished(() => void flood.destroy());
      flood.on('error', () => undefined).write(LIVE.repeat(2000));
    }
    const other = await openConnection(server.url);
    onTestFinished(() => void other.destroy());
    other.write(LIVE);
    await once(other, 'data');
    // Each connection of the flood has a chunk of 1,700 requests.
    expect(parsed - before).toBeLessThan(20_000);
  });
});
