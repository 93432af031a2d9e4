import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { ServerProcess } from '../helpers/process.ts';
import { openConnection, readToEnd } from '../helpers/raw-http.ts';
import { serverProcessForTest } from '../helpers/server.ts';

const SLOW_REQUEST = `POST /auth HTTP/1.1
host: x
connection: close
content-type: application/json
content-length: 35

{"username":`.replaceAll('\n', '\r\n');
const REST = '"ada","password":"any"}';

const startFaulty = (environment: Record<string, string> = {}) =>
  serverProcessForTest({ MAX_EVENT_LOOP_DELAY: '0', ...environment }, [
    process.execPath,
    'test/fixtures/faulty-server.ts',
  ]);

async function startFault({ url }: { url: string }, fault: string) {
  const socket = await openConnection(url);
  socket.on('error', () => undefined).resume();
  socket.write(
    `POST /faults/${fault} HTTP/1.1\r\nhost: x\r\nx-request-id: of-${fault}\r\n` +
      'content-type: application/octet-stream\r\ncontent-length: 9\r\n\r\nabc',
  );
  const closed = once(socket, 'close');
  await pause(100);
  return { socket, closed };
}

const logged = ({ output }: ServerProcess) =>
  output.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { msg: string; request_id?: string; err?: Error });

it('ends only the request that an unexpected error belongs to', async () => {
  const server = await startFaulty();
  const bystander = await openConnection(server.url);
  bystander.write(SLOW_REQUEST);
  for (const fault of [
    'timer',
    'tick',
    'rejection',
    'file',
    'stream',
    'decoder',
    'thread',
    'body',
    'departure',
    'timer',
  ]) {
    const { socket, closed } = await startFault(server, fault);
    if (fault === 'body') socket.write('now');
    if (fault === 'departure') socket.destroy();
    await closed;
    expect((await fetch(`${server.url}/health/live`)).status, fault).toBe(200);
  }
  bystander.write(REST);
  expect(await readToEnd(bystander)).toContain('access_token');
  await expect.poll(() => logged(server).filter(({ err }) => err).length).toBe(10);
  for (const { err, request_id: id } of logged(server).filter(({ err }) => err)) {
    const fault = /fault in (\w+)|incorrect header/.exec(err!.message);
    expect(fault, err!.message).not.toBeNull();
    // Of a departure only the connection is known.
    if (fault![1] && !['departure', 'body'].includes(fault![1])) expect(id).toBe(`of-${fault![1]}`);
  }
  expect(await server.end('SIGTERM')).toBe(0);
}, 40_000);

it('finishes what is in flight and ends with 1 after an error that belongs to no request', async () => {
  const server = await startFaulty();
  const inFlight = await openConnection(server.url);
  inFlight.write(SLOW_REQUEST);
  await pause(200);
  server.child.kill('SIGUSR2');
  await expect.poll(() => server.output.stdout).toContain('fault of nobody');
  inFlight.write(REST);
  expect(await readToEnd(inFlight)).toContain('access_token');
  expect((await server.done).code).toBe(1);
});

it('treats both addresses of localhost alike', async () => {
  const server = await startFaulty({ HOST: 'localhost' });
  const { port } = new URL(server.url);
  const socket = connect(Number(port), '::1').on('error', () => undefined);
  await once(socket, 'connect');
  socket.write('POST /auth HTTP/1.1\r\nhost: x\r\nexpect: nothing\r\ncontent-length: 3\r\n\r\n');
  expect(await readToEnd(socket)).toMatch(/^HTTP\/1.1 417 /);
  const garbage = connect(Number(port), '::1').on('error', () => undefined);
  garbage.write('nonsense\r\n\r\n');
  expect(await readToEnd(garbage)).toMatch(/^HTTP\/1.1 400 [\s\S]*malformed_request/);
  const faulty = connect(Number(port), '::1').on('error', () => undefined);
  faulty.write('POST /faults/timer HTTP/1.1\r\nhost: x\r\n\r\n');
  await once(faulty, 'close');
  // A connection without a request holds nothing up.
  const idle = connect(Number(port), '::1').on('error', () => undefined);
  await once(idle, 'connect');
  const late = connect(Number(port), '::1').on('error', () => undefined);
  late.write(SLOW_REQUEST);
  await pause(200);
  server.child.kill('SIGTERM');
  await pause(300);
  late.write(REST);
  expect(await readToEnd(late)).toContain('access_token');
  expect((await server.done).code).toBe(0);
});
