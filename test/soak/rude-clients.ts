import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { openConnection } from '../helpers/raw-http.ts';

type Work = Record<string, () => Promise<void>>;

const MALFORMED = [
  'GET / HTTP/9.9\r\n\r\n',
  'POST /sum HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
  'GET /products HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: nonsense\r\n\r\n',
  '\0\x01\x02 not HTTP at all\r\n\r\n',
  'POST /auth HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"broken"',
];

/** Makes clients that vanish, read slowly and send what is not HTTP. */
export function createRudeClients(url: string, token: string): Work {
  const headers = `Host: x\r\nAuthorization: Bearer ${token}\r\n`;
  let turn = 0;

  async function using(work: (socket: Socket) => Promise<unknown>): Promise<void> {
    const socket = await openConnection(url).catch(() => undefined);
    if (!socket) return;
    socket.on('error', () => undefined);
    await work(socket);
    socket.destroy();
  }

  return {
    /** Sends half a document, or asks for much, and is gone. */
    vanishing: () =>
      using(async (socket) => {
        const isHalf = turn++ % 2 === 0;
        socket.write(
          isHalf
            ? `POST /sum HTTP/1.1\r\n${headers}Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n[${'1,'.repeat(10_000)}`
            : `GET /openapi.json HTTP/1.1\r\n${headers}\r\n`,
        );
        await setTimeout(Math.random() * 50);
      }),
    slow: () =>
      using(async (socket) => {
        socket.write(`GET /openapi.json HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`.repeat(3));
        for (let part = 0; part < 10; part++) {
          socket.read(1000);
          await setTimeout(200);
        }
      }),
    malformed: () =>
      using(async (socket) => {
        socket.write(MALFORMED[turn++ % MALFORMED.length]!, 'latin1');
        socket.resume();
        await Promise.race([once(socket, 'close'), setTimeout(500)]);
      }),
  };
}
