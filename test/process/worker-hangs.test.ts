import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { SERVER, workersOf } from '../helpers/process.ts';
import { serverProcessForTest } from '../helpers/server.ts';

const titleOf = (pid: number) =>
  readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();

it('warns of workers that do not answer, and replaces one that hangs for long', {
  timeout: 180_000,
}, async () => {
  const server = await serverProcessForTest({ WORKERS: '2' }, [...SERVER, '--greet']);
  await expect.poll(() => server.output.stdout, { timeout: 60_000 }).toContain('Try it');
  const pids = workersOf(server);
  expect([server.child.pid!, ...pids].map(titleOf)).toEqual([
    'tally: primary',
    'tally: worker 1',
    'tally: worker 2',
  ]);
  onTestFinished(() => {
    for (const pid of workersOf(server)) process.kill(pid, 'SIGKILL');
  });
  const [paused, hanging] = pids as [number, number];
  const log = (timeout: number) => expect.poll(() => server.output.stdout, { timeout });
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  for (const [index, pid] of pids.entries())
    await log(30_000).toContain(`worker ${index + 1} (pid ${pid}) does not answer`);
  process.kill(paused, 'SIGCONT');
  await log(20_000).toContain(`worker 1 (pid ${paused}) answers again`);
  const end = `"pid":${hanging},"code":null,"signal":"SIGKILL","msg":"a worker has ended; another one is started"`;
  await log(60_000).toContain(end);
  await log(60_000).toMatch(/"worker":3,"pid":\d+,"msg":"a worker listens"/);
  expect(workersOf(server)).toHaveLength(2);
  expect(workersOf(server)).toContain(paused);
});
