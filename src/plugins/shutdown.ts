import { EventEmitter, once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyInstance {
    shutdown: Shutdown;
  }
}

interface Shutdown {
  /** True once the server has been told to end: it is not ready, and answers with `Connection: close`. */
  readonly begun: boolean;
  /** Drains the server: it still accepts and serves requests, but keeps no connection after its answer. */
  begin(): void;
  /** Fulfilled when no connection is open. */
  connectionsGone(): Promise<void>;
}

/** Longest time between a new connection and its request, where a proxy sent both while the listener closed. */
const FIRST_REQUEST_MS = 1000;

/** Longest time in which the server accepts connections that wait when it closes. */
const MAX_ACCEPT_MS = 1000;
/** Longest turn of the event loop that counts as quiet: a turn with work leaves time for connections to arrive. */
const QUIET_TURN_MS = 0.1;

/**
 * Closes connections during a shutdown. Fastify keeps those of requests in flight alive, so that a client
 * which might send another request would delay the end.
 */
export const shutdownPlugin = fp(
  async (app: FastifyInstance) => {
    const shutdown = {
      begun: false,
      begin() {
        shutdown.begun = true;
      },
      connectionsGone: trackConnections(app.server),
    };
    let isClosing = false;
    app.decorate('shutdown', shutdown);
    const unused = trackUnusedConnections(app);
    onRequests(app.server, (_request, response) => {
      // Also where no hook is called, as for an address that cannot be decoded.
      if (shutdown.begun) response.shouldKeepAlive = false;
    });
    app.addHook('preClose', async () => {
      shutdown.begin();
      isClosing = true;
      await acceptWaiting(app.server);
      // Closes the listener alone, at once. Fastify closes idle connections, and waits for the others.
      NetServer.prototype.close.call(app.server);
      const oldest = Date.now() - FIRST_REQUEST_MS;
      for (const [socket, since] of unused) if (since < oldest) socket.destroy();
      setTimeout(() => {
        for (const socket of unused.keys()) socket.destroy();
      }, FIRST_REQUEST_MS).unref();
    });
    app.addHook('onSend', (_request, reply, payload, done) => {
      if (shutdown.begun) reply.header('connection', 'close');
      done(null, payload);
    });
    app.addHook('onResponse', (_request, _reply, done) => {
      // A response that had begun before has no "Connection: close"; its connection becomes idle now.
      if (isClosing) setImmediate(() => app.server.closeIdleConnections());
      done();
    });
  },
  { name: 'shutdown' },
);

/**
 * Returns the connections that have sent no request yet, with the times of their start; Node does not count them as
 * idle.
 */
function trackUnusedConnections(app: FastifyInstance): ReadonlyMap<Socket, number> {
  const { server } = app;
  const unused = new Map<Socket, number>();
  server.on('connection', (socket: Socket) => {
    unused.set(socket, Date.now());
    socket.once('close', () => unused.delete(socket));
  });
  // After the pipelining plugin is registered, which lets other listeners wait for their turn.
  app.addHook('onReady', async () => {
    onRequests(server, ({ socket }) => unused.delete(socket));
  });
  return unused;
}

/** Returns a function whose promise is fulfilled when no connection is open, of those from other listeners too. */
function trackConnections(server: Server): () => Promise<void> {
  const gone = new EventEmitter();
  let open = 0;
  server.on('connection', (socket: Socket) => {
    open += 1;
    socket.once('close', () => {
      open -= 1;
      if (open === 0) gone.emit('gone');
    });
  });
  return async () => {
    if (open > 0) await once(gone, 'gone');
  };
}

/**
 * Accepts the connections that wait, of which Node takes one in each turn of the event loop: the system resets those
 * that are not accepted when the listener closes.
 */
async function acceptWaiting(server: Server): Promise<void> {
  const deadline = Date.now() + MAX_ACCEPT_MS;
  let quietTurns = 0;
  const onConnection = () => {
    quietTurns = 0;
  };
  server.on('connection', onConnection);
  while (quietTurns < 2 && Date.now() < deadline) {
    quietTurns += 1;
    const start = performance.now();
    await nextTurn();
    if (performance.now() - start > QUIET_TURN_MS) quietTurns = 0;
  }
  server.off('connection', onConnection);
}

/** Calls a listener for each request, before Fastify's own. */
function onRequests(server: Server, listener: RequestListener): void {
  for (const event of ['request', 'checkContinue', 'checkExpectation']) {
    server.prependListener(event, listener);
  }
}
