import { expect, it } from 'vitest';
import { startProcess } from '../helpers/process.ts';
import { openConnection } from '../helpers/raw-http.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

// The listener for errors of the request went once the answer was out, and the next error ended the process.
it.each(['destroy', 'resetAndDestroy', 'end'] as const)(
  'lives on when clients leave (%s) after bodies that were announced too large',
  async (leave) => {
    const server = await startProcess();
    const client = async (wait: number) => {
      const socket = await openConnection(server.url);
      socket.on('error', () => undefined).resume();
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.write(
        'POST /auth HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 3000000\r\n\r\n{',
      );
      await pause(wait);
      socket[leave]();
      await closed;
    };
    await Promise.all(Array.from({ length: 40 }, (_, index) => client(index * 60)));
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    expect(server.child.exitCode).toBeNull();
  },
);
