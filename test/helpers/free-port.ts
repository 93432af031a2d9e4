import { createServer } from 'node:net';

/** Ranges below those from which systems take the ports of outgoing connections, one for each worker of the tests. */
const FIRST_PORT = 10_000;
const PORTS_PER_WORKER = 5000;
const WORKERS = 4;

const worker = Number(process.env.VITEST_POOL_ID ?? 0) % WORKERS;
const given = new Set<number>();

/** Returns a port of loopback that is free, and is not given to another test: the first of `count` such ports in a row. */
export async function freePort(count = 1): Promise<number> {
  for (;;) {
    const first =
      FIRST_PORT + worker * PORTS_PER_WORKER + Math.floor(Math.random() * PORTS_PER_WORKER);
    const ports = Array.from({ length: count }, (_, offset) => first + offset);
    if (ports.some((port) => given.has(port))) continue;
    for (const port of ports) given.add(port);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return first;
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
