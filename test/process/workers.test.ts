import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { freePort } from '../helpers/free-port.ts';
import { sendSums } from '../helpers/load.ts';
import { runToEnd, SERVER, startServerProcess, workersOf } from '../helpers/process.ts';
import { exchange, openConnection, parseAnswer, readToEnd } from '../helpers/raw-http.ts';
import { guestToken, serverProcessForTest } from '../helpers/server.ts';

vi.setConfig({ testTimeout: 180_000 });

const LIVE = 'GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';

/** Starts a server with two workers, and waits until both listen. */
async function serverWithWorkers(environment: Record<string, string> = {}) {
  const command = [...SERVER, '--greet'] as const;
  const server = await serverProcessForTest({ WORKERS: '2', ...environment }, command);
  await expect.poll(() => server.output.stdout, { timeout: 60_000 }).toContain('Try it');
  return server;
}

function isRunning(pid: number): boolean {
  try {
    // One that has ended may wait for its new parent to notice.
    return !readFileSync(`/proc/${pid}/status`, 'latin1').includes('State:\tZ');
  } catch {
    return false;
  }
}

const count = (text: string, part: string) => text.split(part).length - 1;

it('serves one port, of both loopback addresses, from several processes, and greets once', async () => {
  const server = await serverWithWorkers({ HOST: 'localhost' });
  expect(workersOf(server)).toHaveLength(2);
  for (const host of ['127.0.0.1', '[::1]']) {
    const url = `http://${host}:${server.port}/health/live`;
    const headers = { connection: 'close' };
    for (let i = 0; i < 4; i += 1) expect((await fetch(url, { headers })).status).toBe(200);
  }
  const isLogged = (worker: number, ip: string) =>
    server.output.stdout
      .split('\n')
      .some((line) => line.includes(`"worker":${worker},`) && line.includes(`"ip":"${ip}"`));
  for (const worker of [1, 2]) {
    for (const ip of ['127.0.0.1', '::1']) await expect.poll(() => isLogged(worker, ip)).toBe(true);
  }
  const { stdout } = server.output;
  expect(count(stdout, 'Try it')).toBe(1);
  expect(count(stdout, 'the database is migrated')).toBe(1);
});

it('finishes the requests of all workers after SIGTERM, and ends with 0', async () => {
  const server = await serverWithWorkers();
  const token = await guestToken(server);
  const workers = workersOf(server);
  const sockets = [await openConnection(server.url), await openConnection(server.url)];
  for (const socket of sockets) {
    const header = `host: x\r\nauthorization: Bearer ${token}\r\ncontent-length: 9\r\nexpect: 100-continue`;
    socket.write(`POST /sum HTTP/1.1\r\n${header}\r\n\r\n`);
    // A worker has begun the request.
    const [interim] = await once(socket, 'data');
    expect(String(interim)).toContain('100 Continue');
    socket.write('[1,2');
  }
  // As a terminal, or a service manager, sends it to the whole group.
  for (const pid of [...workers, server.child.pid!]) process.kill(pid, 'SIGTERM');
  await expect
    .poll(() => exchange(server.url, LIVE).catch(() => 'refused'), { timeout: 10_000 })
    .toBe('refused');
  for (const socket of sockets) {
    socket.write(',3,4]');
    expect(parseAnswer(await readToEnd(socket)).status).toBe(200);
  }
  expect((await server.done).code).toBe(0);
  expect(workers.filter(isRunning)).toEqual([]);
  const lines = server.output.stdout.trim().split('\n');
  expect(JSON.parse(lines.at(-1)!)).toMatchObject({ msg: 'stopped', signal: 'SIGTERM', code: 0 });
  expect(count(server.output.stdout, '"msg":"stopped"')).toBe(3);
});

it('replaces its workers on SIGHUP without a failed request', async () => {
  const server = await serverWithWorkers({ KEEP_ALIVE_TIMEOUT: '2' });
  const load = await sendSums(server);
  for (let round = 1; round <= 2; round += 1) {
    const before = workersOf(server);
    server.child.kill('SIGHUP');
    const replaced = () => count(server.output.stdout, 'the workers are replaced');
    await expect.poll(replaced, { timeout: 80_000 }).toBe(round);
    const { stdout } = server.output;
    for (const pid of before) {
      expect(stdout).toMatch(new RegExp(`"pid":${pid},"msg":"a worker listens"`));
      expect(stdout).toMatch(new RegExp(`"pid":${pid},"code":0,.*"msg":"a worker has ended"`));
    }
    expect(count(stdout, '"msg":"stopped"')).toBe(2 * round);
    const after = workersOf(server);
    expect(after).toHaveLength(2);
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
  }
  const { answered, failures } = await load.stop();
  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThan(100);
});

it('restarts a worker that dies, without haste if it cannot start, and keeps the old ones on SIGHUP then', async () => {
  const server = await serverWithWorkers();
  const [first, second] = workersOf(server);
  const keys = join(server.dataDir, 'signing-keys.json');
  const intact = await readFile(keys);
  await writeFile(keys, 'broken');
  server.child.kill('SIGHUP');
  await expect
    .poll(() => server.output.stdout, { timeout: 20_000 })
    .toContain('a new worker cannot start; the old ones stay');
  expect(workersOf(server)).toEqual([first, second]);
  process.kill(second!, 'SIGKILL');
  await setTimeout(8000);
  expect(server.output.stdout).toContain(
    `"pid":${second},"code":null,"signal":"SIGKILL","msg":"a worker has ended; another one is started"`,
  );
  const starts = () => count(server.output.stderr, 'tally: ') - 1;
  // Attempts come 0, 0.2, 0.6, 1.4, 3 and 6.2 seconds after the death, or later.
  expect(starts()).toBeLessThanOrEqual(6);
  await expect.poll(starts, { timeout: 60_000 }).toBeGreaterThan(1);
  expect((await exchange(server.url, LIVE)).status).toBe(200);
  await writeFile(keys, intact);
  await expect.poll(() => workersOf(server).length, { timeout: 60_000 }).toBe(2);
  expect(workersOf(server)).toContain(first);
});

it('survives the death of all workers, and of one that takes their place; SIGHUP replaces those that start', async () => {
  const server = await serverWithWorkers();
  const first = workersOf(server);
  const killAll = (pids: number[]) => {
    for (const pid of pids) process.kill(pid, 'SIGKILL');
  };
  const startedAfter = async (before: number[]) => {
    await expect
      .poll(() => workersOf(server).filter((pid) => !before.includes(pid)), { timeout: 20_000 })
      .toHaveLength(2);
    return workersOf(server).filter((pid) => !before.includes(pid));
  };
  killAll(first);
  const second = await startedAfter(first);
  killAll(second.slice(0, 1));
  await expect
    .poll(() => count(server.output.stdout, 'a worker listens'), { timeout: 60_000 })
    .toBe(4);
  expect((await exchange(server.url, LIVE)).status).toBe(200);

  const third = workersOf(server);
  killAll(third);
  const starting = await startedAfter(third);
  server.child.kill('SIGHUP');
  await expect
    .poll(() => server.output.stdout, { timeout: 80_000 })
    .toContain('the workers are replaced');
  await expect.poll(() => workersOf(server), { timeout: 20_000 }).toHaveLength(2);
  expect(workersOf(server).filter((pid) => starting.includes(pid))).toEqual([]);
});

it('keeps the number of workers when one dies while SIGHUP replaces it', async () => {
  const server = await serverWithWorkers();
  const before = workersOf(server);
  server.child.kill('SIGHUP');
  await expect.poll(() => workersOf(server), { timeout: 20_000, interval: 5 }).toHaveLength(3);
  process.kill(before[0]!, 'SIGKILL');
  await expect
    .poll(() => server.output.stdout, { timeout: 80_000 })
    .toContain('the workers are replaced');
  const listens = () => count(server.output.stdout, 'a worker listens');
  await expect.poll(listens, { timeout: 20_000 }).toBe(4);
  // Time in which one too many would start.
  await setTimeout(5000);
  expect(listens()).toBe(4);
  const after = workersOf(server);
  expect(after).toHaveLength(2);
  expect(after.filter((pid) => before.includes(pid))).toEqual([]);
});

it('kills a worker that hangs at the end, after SHUTDOWN_TIMEOUT', async () => {
  const server = await serverWithWorkers({ SHUTDOWN_TIMEOUT: '1' });
  const workers = workersOf(server);
  process.kill(workers[0]!, 'SIGSTOP');
  expect(await server.end('SIGTERM')).toBe(1);
  expect(workers.filter(isRunning)).toEqual([]);
});

it('ends at once with a second signal', async () => {
  const server = await serverWithWorkers({ SHUTDOWN_DELAY: '60' });
  const workers = workersOf(server);
  server.child.kill('SIGTERM');
  await expect
    .poll(() => count(server.output.stdout, 'not ready any more'), { timeout: 5000 })
    .toBe(2);
  expect(await server.end('SIGTERM')).toBe(1);
  await expect.poll(() => workers.filter(isRunning), { timeout: 5000 }).toEqual([]);
});

it('leaves no worker behind when it is killed', async () => {
  const server = await serverWithWorkers();
  const workers = workersOf(server);
  await server.end('SIGKILL');
  await expect.poll(() => workers.filter(isRunning), { timeout: 5000 }).toEqual([]);
});

it('ends, with one line, when its first worker cannot start', async () => {
  const blocker = await startServerProcess();
  const environment = { WORKERS: '2', DATA_DIR: blocker.dataDir, LOG_LEVEL: 'warn' };
  const inUse = await runToEnd('scripts/start', [], {
    ...environment,
    PORT: String(blocker.port),
  });
  const invalid = await runToEnd('scripts/start', [], {
    ...environment,
    PORT: String(await freePort()),
    SIGNING_KEYS: '{"keys":[]}',
  });
  await blocker.close();
  expect(inUse).toEqual({
    code: 1,
    stdout: '',
    stderr: `tally: port ${blocker.port} is in use; stop what listens there, or set PORT to another\n`,
  });
  expect(invalid).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^tally: .*SIGNING_KEYS.*\n$/),
  });
});
