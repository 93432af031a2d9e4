import { describe, expect, it, onTestFinished } from 'vitest';
import { openConnection, readToEnd } from '../helpers/raw-http.ts';
import { serverForTest, type TestServer } from '../helpers/server.ts';

const LIVE = 'GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n';

/** Opens a connection that collects what it is answered. */
async function connect({ url }: TestServer) {
  const socket = await openConnection(url);
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
  it('let those of other connections in between', async () => {
    const server = await serverForTest({ MAX_PIPELINED: '10000' });
    const [flood, other] = [await connect(server), await connect(server)];
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
});
