import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { CHEAP_HASHES, PASSWORD, signIn } from '../helpers/accounts.ts';
import { runToEnd, type ServerProcess } from '../helpers/process.ts';
import { openConnection } from '../helpers/raw-http.ts';
import { serverProcessForTest } from '../helpers/server.ts';

interface Spec {
  paths: Record<string, Record<string, { requestBody?: { content: Record<string, unknown> } }>>;
}

const spec: Spec = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'));

const operations = Object.entries(spec.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { requestBody }]) => {
    const [type = 'application/json'] = Object.keys(requestBody?.content ?? {});
    return { line: `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '1')} HTTP/1.1`, type };
  }),
);

/** The end of the header and what follows of a body that never arrives whole. */
const HALVES = {
  'announced too large': 'content-length: 3000000000\r\n\r\n{',
  'cut in the body': 'content-length: 50\r\n\r\n{"a":',
  'cut in a chunk': 'transfer-encoding: chunked\r\n\r\n50\r\n{"a":',
  'malformed chunks': 'transfer-encoding: chunked\r\n\r\n2\r\n[1\r\nzz\r\n',
  'cut in the header': 'content-len',
};

const DEPARTURES: Record<string, (socket: Socket) => Promise<unknown>> = {
  closes: async (socket) => socket.destroy(),
  resets: async (socket) => socket.resetAndDestroy(),
  'half-closes': async (socket) => {
    socket.end();
    await pause(100);
    socket.destroy();
  },
  'reads first, then closes': async (socket) => {
    await Promise.race([once(socket, 'data'), pause(100)]);
    socket.destroy();
  },
  'reads first, then resets': async (socket) => {
    await Promise.race([once(socket, 'data'), pause(100)]);
    socket.resetAndDestroy();
  },
};

async function administrator(server: ServerProcess): Promise<string> {
  const account = { username: 'admin@example.com', password: PASSWORD };
  const { code } = await runToEnd(
    'scripts/create-admin',
    ['--email', account.username],
    { ...CHEAP_HASHES, DATA_DIR: server.dataDir },
    `${PASSWORD}\n`,
  );
  expect(code).toBe(0);
  return (await signIn(server, account)).access_token;
}

// An error of a request without a listener, for instance once its answer was out, ended the process.
it('lives on when clients leave in the middle of a request, whatever it is', async () => {
  const server = await serverProcessForTest({
    ...CHEAP_HASHES,
    LOG_LEVEL: 'error',
    MAX_EVENT_LOOP_DELAY: '0',
  });
  const credentials = ['', `authorization: Bearer ${await administrator(server)}\r\n`];
  const requests = operations.flatMap(({ line, type }) =>
    Object.values(HALVES).flatMap((half) =>
      credentials.map(
        (header) => `${line}\r\nhost: x\r\n${header}content-type: ${type}; boundary=x\r\n${half}`,
      ),
    ),
  );
  const cases = requests.flatMap((request) =>
    Object.entries(DEPARTURES).map(([name, leave]) => ({ request, name, leave })),
  );
  expect(cases.length).toBeGreaterThan(2000);
  const queue = cases.values();
  const client = async () => {
    for (const { request, leave } of queue) {
      const socket = await openConnection(server.url);
      socket.on('error', () => undefined).on('data', () => undefined);
      const closed = once(socket, 'close');
      socket.write(request);
      await pause(Math.random() * 20);
      await leave(socket);
      await closed;
      expect(server.child.exitCode, request).toBeNull();
    }
  };
  await Promise.all(Array.from({ length: 30 }, client));
  expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  // Nothing of this is unexpected.
  expect(server.output.stdout).not.toContain('unexpected');
  expect(await server.end('SIGTERM')).toBe(0);
}, 120_000);

// The server listens to the body for two seconds after its answer; what came after that met no listener.
it.each(['destroy', 'resetAndDestroy', 'end'] as const)(
  'lives on when clients leave (%s) around the time at which it stops reading refused bodies',
  async (leave) => {
    const server = await serverProcessForTest({ LOG_LEVEL: 'error', MAX_EVENT_LOOP_DELAY: '0' });
    const client = async (wait: number) => {
      const socket = await openConnection(server.url);
      socket.on('error', () => undefined).resume();
      const closed = once(socket, 'close');
      socket.write(
        'POST /auth HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 3000000\r\n\r\n{',
      );
      await pause(wait);
      socket[leave]();
      await closed;
    };
    await Promise.all(Array.from({ length: 40 }, (_, index) => client(index * 60)));
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    expect(server.output.stdout).not.toContain('unexpected');
  },
);
