import { request } from 'node:http';
import { setTimeout } from 'node:timers/promises';

/** Requests an address every 10 ms until standard input ends, and prints the 99th percentile of the latency in ms. */
const url = process.argv[2]!;
let isRunning = true;
process.stdin
  .on('data', () => undefined)
  .once('end', () => {
    isRunning = false;
  });

const times: number[] = [];
while (isRunning) {
  const started = performance.now();
  await new Promise<void>((resolve, reject) => {
    request(url, (response) => response.resume().once('end', resolve))
      .once('error', reject)
      .end();
  });
  times.push(performance.now() - started);
  await setTimeout(10);
}
const sorted = times.toSorted((a, b) => a - b);
process.stdout.write(`${sorted[Math.floor(sorted.length * 0.99)]}\n`);
