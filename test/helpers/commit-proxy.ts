import { connect, createServer, type Socket } from 'node:net';

/** A wire to a database server that can lose the answer to a COMMIT, which the server carries out. */
export interface CommitProxy {
  port: number;
  /** Breaks the next connection that commits, but for those before it, once the server has answered. */
  loseNextCommit(before?: number): void;
  /** Number of answers that were lost. */
  readonly lost: number;
  close(): Promise<void>;
}

export async function startCommitProxy(host: string, targetPort: number): Promise<CommitProxy> {
  const sockets = new Set<Socket>();
  let commitsLeft = Number.POSITIVE_INFINITY;
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
      if (/commit/i.test(chunk.toString('latin1')) && commitsLeft-- === 0) isLosing = true;
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
    loseNextCommit: (before = 0) => {
      commitsLeft = before;
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
