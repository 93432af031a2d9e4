import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Finding, Target } from './target.ts';

/** Longest time without a sign of life, in milliseconds. The goal is 100 on a quiet machine; tests run on busy ones. */
const LONGEST_SILENCE = 5000;

/** The cost of an attack for the server. */
export interface Observation {
  /** Of /health/live, in milliseconds. */
  slowest: number;
  /** Processor time, in milliseconds. */
  cpu: number;
  findings: Finding[];
}

/** Watches a server while it is attacked; the long form prints what it saw. */
export async function observe(
  name: string,
  target: Target,
  attack: () => Promise<unknown>,
): Promise<Observation> {
  const probe = new Worker(new URL('./liveness-probe.ts', import.meta.url), {
    workerData: target.url,
  });
  await once(probe, 'message');
  const memory = target.memory();
  const cpuBefore = target.cpu();
  await attack();
  const cpu = target.cpu() - cpuBefore;
  probe.postMessage('stop');
  const [{ slowest, failures }] = await once(probe, 'message');
  await probe.terminate();
  report(
    `${name}: slowest /health/live ${Math.round(slowest)} ms, processor ${cpu} ms, ` +
      `memory × ${(target.memory() / memory).toFixed(2)}`,
  );
  const findings: Finding[] = [];
  if (!target.isAlive()) findings.push('the process has ended');
  if (failures > 0) findings.push(`/health/live failed ${failures} times`);
  if (slowest > LONGEST_SILENCE) findings.push(`/health/live took ${Math.round(slowest)} ms`);
  return { slowest, cpu, findings };
}

/** Adds a line to the closing summary of the long form. */
export function report(line: string): void {
  const path = process.env.ATTACK_REPORT;
  if (path) appendFileSync(path, `${line}\n`);
}
