import { createServer } from 'node:net';

/** Where no system takes the ports of outgoing connections from: a range for each worker of the tests. */
const FIRST = 10_000;
const PER_WORKER = 5000;
const WORKERS = 4;

const worker = Number(process.env.VITEST_POOL_ID ?? 0) % WORKERS;
const given = new Set<number>();

/** A port of loopback that nobody listens on, and that no other test is given before the caller does. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + worker * PER_WORKER + Math.floor(Math.random() * PER_WORKER);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'EADDRINUSE') resolve(false);
      else reject(new Error(`port ${port} cannot be tried: ${code}`));
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
