import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { exchange, openConnection, parseAnswer, readToEnd } from '../helpers/raw-http.ts';
import { guestToken, serverProcessForTest } from '../helpers/server.ts';

vi.setConfig({ testTimeout: 60_000 });

const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;
const sum = (token: string) =>
  `POST /sum HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-length: 3\r\n\r\n[1]`;

/** Starts a server, and connections to it: one has been used, the other not yet. */
async function serverWithConnections(environment: Record<string, string>) {
  const server = await serverProcessForTest(environment);
  const token = await guestToken(server);
  const used = await openConnection(server.url);
  used.write(sum(token));
  await once(used, 'data');
  const unused = await openConnection(server.url);
  return { server, token, used, unused };
}

async function answerOn(socket: Socket, request: string) {
  socket.write(request);
  return parseAnswer(await readToEnd(socket));
}

const closing = { connection: 'close' };

async function readiness({ url }: { url: string }): Promise<number> {
  return (await exchange(url, get('/health/ready'))).status;
}

it('serves old and new connections for SHUTDOWN_DELAY, once each, but is not ready', async () => {
  const { server, token, used, unused } = await serverWithConnections({ SHUTDOWN_DELAY: '4' });
  const began = Date.now();
  server.child.kill('SIGTERM');
  await expect.poll(() => readiness(server), { timeout: 5000 }).toBe(503);
  const sockets = [used, unused, await openConnection(server.url)];
  const sums = await Promise.all(sockets.map((socket) => answerOn(socket, sum(token))));
  for (const answer of sums) expect(answer).toMatchObject({ status: 200, headers: closing });
  const requests = ['/health/live', '/health/ready', '/nothing', '/%zz'].map(get);
  const answers = await Promise.all(
    [...requests, 'X\r\n\r\n'].map((request) => exchange(server.url, request)),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 503, 404, 400, 400]);
  for (const { headers } of answers) expect(headers).toMatchObject(closing);
  expect(JSON.parse(answers[1]!.body).code).toBe('shutting_down');
  expect((await server.done).code).toBe(0);
  expect(Date.now() - began).toBeGreaterThanOrEqual(4000);
  await expect(openConnection(server.url)).rejects.toThrow('ECONNREFUSED');
});

it('gives requests SHUTDOWN_TIMEOUT after SHUTDOWN_DELAY, not within it', async () => {
  const environment = { SHUTDOWN_DELAY: '1.5', SHUTDOWN_TIMEOUT: '1' };
  const { server, token, used } = await serverWithConnections(environment);
  used.on('error', () => undefined).write(sum(token).slice(0, -1));
  await setTimeout(100);
  const began = Date.now();
  server.child.kill('SIGTERM');
  expect((await server.done).code).toBe(1);
  expect(Date.now() - began).toBeGreaterThanOrEqual(2500);
  expect(server.output.stdout).toContain('cut off after SHUTDOWN_TIMEOUT');
});

it('ends at once with SIGINT, and with a second signal during SHUTDOWN_DELAY', async () => {
  const server = await serverProcessForTest({ SHUTDOWN_DELAY: '60' });
  expect(await server.end('SIGINT')).toBe(0);
  await server.start();
  server.child.kill('SIGTERM');
  await expect.poll(() => readiness(server), { timeout: 5000 }).toBe(503);
  expect(await server.end('SIGTERM')).toBe(1);
});

it('answers the first request of a connection that was opened just before the listener closed', async () => {
  const { server, token } = await serverWithConnections({});
  const socket = await openConnection(server.url);
  server.child.kill('SIGTERM');
  await setTimeout(100);
  expect(await answerOn(socket, sum(token))).toMatchObject({ status: 200, headers: closing });
  expect((await server.done).code).toBe(0);
});
