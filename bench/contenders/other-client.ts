import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';

/**
 * A client with an address and one connection of its own. Sends a request every 10 ms until standard input ends, and
 * prints the 50th and the 99th percentile of the latency in ms. Usage: `node other-client.ts URL TOKEN BODY`.
 */
const [url = '', token = '', body = ''] = process.argv.slice(2);
let isRunning = true;
process.stdin
  .on('data', () => undefined)
  .once('end', () => {
    isRunning = false;
  });

const options = {
  method: 'POST',
  agent: new Agent({ keepAlive: true, maxSockets: 1 }),
  localAddress: '127.0.0.2',
  headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
};
const times: number[] = [];
while (isRunning) {
  const started = performance.now();
  await new Promise<void>((resolve, reject) => {
    request(url, options, async (response) => {
      const answer = await text(response);
      if (response.statusCode! >= 300) reject(new Error(`${response.statusCode}: ${answer}`));
      resolve();
    })
      .once('error', reject)
      .end(body);
  });
  times.push(performance.now() - started);
  await setTimeout(10);
}
const sorted = times.toSorted((a, b) => a - b);
const percentile = (part: number) => sorted[Math.floor(sorted.length * part)];
process.stdout.write(JSON.stringify([percentile(0.5), percentile(0.99)]));
process.exit();
