import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../contenders/latency.ts', import.meta.url));

/** Returns the 99th percentile of the latency of a server's /health/live in ms, measured by another process. */
export async function latencyDuring(
  { url }: { url: string },
  task: () => Promise<unknown>,
): Promise<number> {
  const child = spawn(process.execPath, [PROGRAM, `${url}/health/live`]);
  const answer = once(child.stdout, 'data');
  await task();
  child.stdin.end();
  return Number(await answer);
}
