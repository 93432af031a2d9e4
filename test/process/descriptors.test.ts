import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { root } from '../helpers/process.ts';
import { openConnection } from '../helpers/raw-http.ts';
import { serverProcessForTest } from '../helpers/server.ts';

const limited = (files: number): [string, ...string[]] => [
  'bash',
  '-c',
  `ulimit -n ${files}; cd ${root}; exec ${process.execPath} src/server.ts`,
];

// The sampler of the load opened a file, and ended the process where there was none to open.
it('outlives more connections than it may open files', async () => {
  const server = await serverProcessForTest({ MAX_CONNECTION_SHARE: '1' }, limited(256));
  expect(server.output.stdout).toContain('"max_connections":136');
  const before = await openConnection(server.url);
  before.on('error', () => undefined);
  const sockets: Socket[] = [];
  onTestFinished(() => sockets.forEach((socket) => void socket.destroy()));
  for (let index = 0; index < 400; index++) {
    const socket = await openConnection(server.url);
    sockets.push(socket.on('error', () => undefined));
  }
  await pause(3000);
  expect(server.child.exitCode).toBeNull();
  // Who is connected is served: from the database, from files, and with new passwords.
  const body = '{"username":"ada","email":"ada@example.com","password":"correct horse battery"}';
  before.write(
    `POST /accounts HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  expect(String(await once(before, 'data'))).toMatch(/^HTTP\/1.1 201 /);
  before.write('GET /docs/static/index.css HTTP/1.1\r\nhost: x\r\n\r\n');
  expect(String(await once(before, 'data'))).toMatch(/^HTTP\/1.1 200 /);
  for (const socket of sockets) socket.destroy();
  await expect
    .poll(async () => (await fetch(`${server.url}/health/ready`).catch(() => undefined))?.status)
    .toBe(200);
  await expect.poll(() => server.output.stdout, { timeout: 15_000 }).toContain('refused');
  expect(await server.end('SIGTERM')).toBe(0);
}, 60_000);

it('does not start where there are no descriptors for connections', async () => {
  await expect(serverProcessForTest({}, limited(80))).rejects.toThrow();
}, 30_000);
