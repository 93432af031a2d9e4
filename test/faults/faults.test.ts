import { expect, it, onTestFinished } from 'vitest';
import { needing } from '../helpers/needs.ts';
import { allDatabases } from '../helpers/test-databases.ts';
import { type Fault, faults } from './faults.ts';
import { findViolations } from './invariants.ts';
import { type Load, startLoad } from './load.ts';
import { openSite } from './site.ts';

/**
 * What happens to clients on bad days: what was acknowledged is there, what was refused is not, nothing was
 * applied twice, waiting has an end, and the server recovers by itself.
 *
 * Each fault strikes a few times; `scripts/faults` lets those that it names strike for as long as it is told.
 */
const { FAULTS_MINUTES = '0', FAULTS_NAME = '' } = process.env;
const STRIKES = 2;

const trials = allDatabases.flatMap((database) =>
  faults
    .filter((fault) => fault.databases.includes(database.kind))
    .map((fault) => ({ database, fault, name: `survives ${fault.name} on ${database.name}` }))
    .filter(({ name }) => name.toLowerCase().includes(FAULTS_NAME.toLowerCase())),
);
/** Time for each fault, in milliseconds, where it is not the number of strikes that counts. */
const DURATION = (Number(FAULTS_MINUTES) * 60_000) / trials.length;
const TIMEOUT = 120_000 + DURATION;
/** Longest time from the end of a fault to the next order, in milliseconds; the machine may be busy. */
const RECOVERY = 10_000;
/** Writes that are acknowledged between two strikes. */
const PROGRESS = 30;

for (const { database, fault, name } of trials) {
  const missing = database.missing ?? fault.missing?.();
  it.skipIf(missing !== undefined)(needing(name, missing), { timeout: TIMEOUT }, async () => {
    const { url, drop } = await database.create();
    onTestFinished(drop);
    console.log(`${name}: ${await endure(fault, url)}`);
  });
}

/** Runs a server under load while a fault strikes, then checks what is left; returns what happened. */
async function endure(fault: Fault, url: string): Promise<string> {
  const prepared = await fault.prepare(url);
  onTestFinished(async () => prepared.close?.());
  const site = await openSite(prepared.databaseUrl ?? url, prepared.environment);
  onTestFinished(site.close);
  const load = await startLoad(site);
  const recoveries: number[] = [];
  const end = Date.now() + DURATION;
  for (let strike = 0; strike < STRIKES || Date.now() < end; strike++) {
    await progress(load);
    await prepared.strike(site);
    recoveries.push(await timeToNextOrder(load));
  }
  await progress(load);
  await load.stop();
  expect(await findViolations(site, load)).toEqual([]);
  expect(Math.max(...recoveries), 'milliseconds until the next order').toBeLessThan(RECOVERY);
  expect(await site.end('SIGTERM'), 'the exit code after SIGTERM').toBe(0);
  return summary(load, recoveries);
}

async function progress(load: Load): Promise<void> {
  const goal = load.acknowledged() + PROGRESS;
  await expect.poll(load.acknowledged, { interval: 20, timeout: 60_000 }).toBeGreaterThan(goal);
}

async function timeToNextOrder({ journals: { orders } }: Load): Promise<number> {
  const mended = Date.now();
  const before = orders.count('acknowledged');
  await expect
    .poll(() => orders.count('acknowledged'), { interval: 20, timeout: 60_000 })
    .toBeGreaterThan(before);
  return Date.now() - mended;
}

function summary(load: Load, recoveries: number[]): string {
  const counts = (['acknowledged', 'refused', 'unknown'] as const).map((outcome) => {
    const total = Object.values(load.journals).reduce((sum, { count }) => sum + count(outcome), 0);
    return `${total} ${outcome}`;
  });
  return [
    `${recoveries.length} times`,
    ...counts,
    `recovered in ${Math.max(...recoveries)} ms at most`,
    `slowest /health/live ${Math.round(load.slowestLiveness())} ms`,
  ].join(', ');
}
