import { createServer } from 'node:net';

/** Where no system takes the ports of outgoing connections from. */
const RANGE = { from: 10_000, to: 32_000 };

/** A port of loopback that nobody listens on, nor is given by chance before the caller does. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = RANGE.from + Math.floor(Math.random() * (RANGE.to - RANGE.from));
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
