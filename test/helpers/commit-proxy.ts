import { connect, createServer, type Socket } from 'node:net';

/** A wire to a database server that can lose the answer to a COMMIT, which the server carries out. */
export interface CommitProxy {
  port: number;
  /** Breaks the next connection that commits, once the server has answered. */
  loseNextCommit(): void;
  /** Number of answers that were lost. */
  readonly lost: number;
  close(): Promise<void>;
}

export async function startCommitProxy(host: string, targetPort: number): Promise<CommitProxy> {
  const sockets = new Set<Socket>();
  let isArmed = false;
  let lost = 0;
  const server = createServer((socket) => {
    const upstream = connect(targetPort, host);
    let isLosing = false;
    for (const one of [socket, upstream]) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        socket.destroy();
        upstream.destroy();
      });
    }
    socket.on('data', (chunk) => {
      if (isArmed && /commit/i.test(chunk.toString('latin1'))) {
        isArmed = false;
        isLosing = true;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (!isLosing) return socket.write(chunk);
      lost++;
      return socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    loseNextCommit: () => {
      isArmed = true;
    },
    get lost() {
      return lost;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
