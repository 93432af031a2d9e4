import { request } from 'node:http';
import { setTimeout } from 'node:timers/promises';

/**
 * Asks an address every 10 ms until it is told to stop by the end of standard input, and prints the
 * time that 99 of 100 answers took at most, in milliseconds.
 */
const url = process.argv[2]!;
let isAsked = true;
process.stdin
  .on('data', () => undefined)
  .once('end', () => {
    isAsked = false;
  });

const times: number[] = [];
while (isAsked) {
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
