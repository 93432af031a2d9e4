import { Agent, get } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

/** Asks a server again and again, in a thread of its own, so that the attacker's work does not count. */
const PAUSE = 10;
/** Milliseconds after which a request counts as unanswered. */
const PATIENCE = 20_000;

const agent = new Agent({ keepAlive: true });
let slowest = 0;
let failures = 0;

function ask(): Promise<void> {
  const started = performance.now();
  return new Promise((resolve) => {
    const finish = (isAnswered: boolean) => {
      slowest = Math.max(slowest, performance.now() - started);
      if (!isAnswered) failures++;
      resolve();
    };
    const request = get(`${workerData}/health/live`, { agent, timeout: PATIENCE }, (response) => {
      response.resume().on('end', () => finish(response.statusCode === 200));
    });
    request.on('timeout', () => request.destroy(new Error('silence')));
    request.on('error', () => finish(false));
  });
}

let stopped = false;
parentPort!.once('message', () => {
  stopped = true;
});
await ask();
slowest = 0;
parentPort!.postMessage('ready');
while (!stopped) {
  await ask();
  await new Promise((resolve) => setTimeout(resolve, PAUSE));
}
agent.destroy();
parentPort!.postMessage({ slowest, failures });
