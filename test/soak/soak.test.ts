import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { findViolations } from '../faults/invariants.ts';
import { type Load, startLoad } from '../faults/load.ts';
import { openSite, type Site } from '../faults/site.ts';
import { startDatabaseProxy } from '../helpers/database-proxy.ts';
import { freePort } from '../helpers/free-port.ts';
import { allDatabases } from '../helpers/test-databases.ts';
import { createSoakClients } from './clients.ts';
import { averageOfQuarter, createMeasurements, type Sample } from './measurements.ts';
import { renderReport } from './report.ts';
import { createRudeClients } from './rude-clients.ts';

/**
 * All features at once, with clients that behave badly, for as long as `scripts/soak` is told. Memory neither grows
 * nor is an answer or the shop's ledger wrong at the end.
 */
const { SOAK_SECONDS = '20', SOAK_DATABASE = 'sqlite', SOAK_REPORT } = process.env;
const SECONDS = Number(SOAK_SECONDS);
const REPORT = SOAK_REPORT ?? join(tmpdir(), `tally-soak-${process.pid}.html`);

/** Growth of memory from the second quarter to the last, as a ratio. */
const MAX_GROWTH = 1.05;
/** Shorter runs warm up for most of their time, so that their memory says nothing. */
const MIN_SECONDS_FOR_GROWTH = 600;
const SAMPLES = 240;
/** Pause of each client between two requests, in milliseconds. */
const PAUSE = 20;
const FAULT_INTERVAL = 60_000;

const database = allDatabases.find(({ kind }) => kind === SOAK_DATABASE)!;

it(`a server under mixed load for ${SECONDS} s keeps its memory and its word`, {
  timeout: SECONDS * 1000 + 120_000,
}, async () => {
  const { url, drop } = await database.create();
  onTestFinished(drop);
  const proxied = database.kind === 'sqlite' ? undefined : await startDatabaseProxy(url);
  onTestFinished(async () => proxied?.proxy.close());
  const port = await freePort();
  const site = await openSite(url, {
    METRICS_PORT: String(port),
    // As the image and scripts/start have it.
    MALLOC_TRIM_THRESHOLD_: '1000000',
    ...(proxied && { DATABASE_URL: proxied.url }),
  });
  onTestFinished(site.close);
  const load = await startLoad(site, {
    pause: PAUSE,
    more: (world, requests) => ({
      ...createSoakClients(site, world, requests),
      ...createRudeClients(site.url, world.customer),
    }),
  });
  const measured = createMeasurements(site.pid, `http://127.0.0.1:${port}/metrics`, site.url);
  onTestFinished(measured.stop);
  await endure(measured.sample, proxied?.proxy);
  await load.stop();
  const violations = await findViolations(site, load);
  const rows = summarize(site, load, measured, violations);
  writeFileSync(REPORT, renderReport(`Tally under load for ${SECONDS} s`, rows, measured.samples));
  for (const [name, value] of rows) console.log(`${name}: ${value}`);
  console.log(`report: ${REPORT}`);

  expect(violations).toEqual([]);
  // Only a database that is cut off may make the server refuse, or leave the outcome of a COMMIT unknown (500).
  const refusals = proxied ? [500, 503] : [];
  const unexpected = [...measured.statuses].filter(
    ([status]) => (status >= 500 || status === 429) && !refusals.includes(status),
  );
  expect(unexpected).toEqual([]);
  expect(errorsIn(site)).toBe('');
  if (SECONDS >= MIN_SECONDS_FOR_GROWTH) {
    expect(growth(measured.samples)).toBeLessThanOrEqual(MAX_GROWTH);
  }
  expect(measured.samples.length).toBeGreaterThan(3);
  expect(readFileSync(REPORT, 'utf8')).toContain('<polyline');
  expect(await site.end('SIGTERM'), 'the exit code after SIGTERM').toBe(0);
});

/** Takes samples until the time is over; cuts a server's database off every minute. */
async function endure(
  sample: () => Promise<void>,
  proxy: { cut(): Promise<void>; mend(): Promise<void> } | undefined,
): Promise<void> {
  const interval = (SECONDS * 1000) / Math.min(SAMPLES, SECONDS);
  const end = Date.now() + SECONDS * 1000;
  let nextFault = Date.now() + FAULT_INTERVAL;
  while (Date.now() < end) {
    await setTimeout(interval);
    await sample();
    if (!proxy || Date.now() < nextFault) continue;
    nextFault = Date.now() + FAULT_INTERVAL;
    await proxy.cut();
    await setTimeout(1000);
    await proxy.mend();
  }
}

/** Returns the errors in the log, without those of a database that is cut off. */
const errorsIn = (site: Site) =>
  site
    .logs()
    .split('\n')
    .filter((line) => /"level":[56]0/.test(line) && !/"msg":"The (database|connection)/.test(line))
    .slice(0, 10)
    .join('\n');

const growth = (samples: readonly Sample[]) =>
  averageOfQuarter(samples, 4, 'rss') / averageOfQuarter(samples, 2, 'rss');

function summarize(
  { kind }: Site,
  load: Load,
  { samples, statuses }: ReturnType<typeof createMeasurements>,
  violations: string[],
): [string, string][] {
  const quarters = (member: keyof Sample) =>
    [1, 2, 3, 4].map((quarter) => averageOfQuarter(samples, quarter, member).toFixed(1)).join(', ');
  const counted = [...statuses].toSorted().map(([status, count]) => `${status}: ${count}`);
  return [
    ['database', kind],
    ['memory, last quarter ÷ second quarter', growth(samples).toFixed(3)],
    ['resident memory by quarter (MiB)', quarters('rss')],
    ['heap by quarter (MiB)', quarters('heap')],
    ['external memory by quarter (MiB)', quarters('external')],
    ['file descriptors by quarter', quarters('descriptors')],
    ['99th percentile of the event-loop delay by quarter (ms)', quarters('loopDelay')],
    ['median latency by quarter (ms)', quarters('median')],
    ['99th percentile of latency by quarter (ms)', quarters('p99')],
    ['statuses', counted.join(', ')],
    ['acknowledged writes', String(load.acknowledged())],
    ['violations', violations.length === 0 ? 'none' : violations.join('\n')],
  ];
}
