import { expect, it, onTestFinished, vi } from 'vitest';
import { metricsSettings, readMetrics, total } from '../helpers/metrics.ts';
import { workersOf } from '../helpers/process.ts';
import { serverProcessForTest } from '../helpers/server.ts';

vi.setConfig({ testTimeout: 90_000 });

const SENT = 20;

/** Starts a server with two workers that have answered some requests, and returns functions that read its metrics. */
async function busyWorkers() {
  const { settings, metricsUrl } = await metricsSettings();
  const server = await serverProcessForTest({ WORKERS: '2', ...settings });
  const read = () => readMetrics(metricsUrl);
  const workers = async (state: string) => total(await read(), 'tally_workers', { state });
  await expect.poll(() => workers('answering'), { timeout: 30_000 }).toBe(2);
  for (let sent = 0; sent < SENT; sent++) {
    await fetch(`${server.url}/health/live`, { headers: { connection: 'close' } });
  }
  const answered = async () =>
    total(await read(), 'http_request_duration_seconds_count', { route: '/health/live' });
  await expect.poll(answered).toBe(SENT);
  return { server, read, workers, answered, pids: workersOf(server) };
}

it('adds up the metrics of all workers, and keeps those of workers that are replaced', async () => {
  const { server, read, workers, answered, pids } = await busyWorkers();
  expect(total(await read(), 'tally_build_info')).toBe(1);
  expect(total(await read(), 'process_start_time_seconds')).toBeCloseTo(Date.now() / 1000, -3);
  server.child.kill('SIGHUP');
  const ended = async () => {
    expect(await answered()).toBe(SENT);
    return total(await read(), 'tally_workers_ended_total', { reason: 'replaced' });
  };
  await expect.poll(ended, { timeout: 60_000 }).toBe(2);
  expect(total(await read(), 'tally_workers_ended_total', { reason: 'died' })).toBe(0);
  await expect.poll(() => workers('answering')).toBe(2);
  expect(workersOf(server)).not.toEqual(pids);
  expect(await answered()).toBe(SENT);
});

it('answers with the numbers of the others while a worker hangs, says so, and counts nothing backwards', async () => {
  const { workers, answered, read, pids } = await busyWorkers();
  const hanging = pids[0]!;
  process.kill(hanging, 'SIGSTOP');
  onTestFinished(() => {
    try {
      process.kill(hanging, 'SIGKILL');
    } catch {
      // It has ended.
    }
  });
  // Each question takes 5 seconds now, and the worker is replaced after 30.
  const samples = await read();
  expect(total(samples, 'tally_workers', { state: 'silent' })).toBe(1);
  expect(total(samples, 'tally_workers', { state: 'answering' })).toBe(1);
  expect(total(samples, 'http_request_duration_seconds_count', { route: '/health/live' })).toBe(
    SENT,
  );
  process.kill(hanging, 'SIGKILL');
  await expect.poll(() => workers('answering'), { timeout: 30_000 }).toBe(2);
  expect(await answered()).toBe(SENT);
  expect(total(await read(), 'tally_workers_ended_total', { reason: 'died' })).toBe(1);
});
