import { AsyncLocalStorage } from 'node:async_hooks';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';

/** The connection that code runs for, and its request once there is one. */
interface Origin {
  socket: Socket;
  request?: FastifyRequest;
}

const origins = new AsyncLocalStorage<Origin>();

/** Remembers for which request code runs, so that an unexpected error can end that request alone. */
export const isolationPlugin = fp(
  async (app: FastifyInstance) => {
    rememberConnections(app.server);
    app.addHook('onRequest', (request, _reply, done) => {
      origins.run({ socket: request.raw.socket, request }, done);
    });
  },
  { name: 'isolation' },
);

function rememberConnections(server: Server): void {
  const [serve] = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeListener('connection', serve!).on('connection', (socket: Socket) => {
    const origin = { socket };
    // The system reports events of sockets in the context that accepted them, which is none.
    const { emit } = socket;
    socket.emit = (...event: [never]) => origins.run(origin, () => emit.apply(socket, event));
    origins.run(origin, () => Reflect.apply(serve!, server, [socket]));
  });
}

/**
 * Ends the request that an unexpected error was thrown for, and its connection with it: nobody knows
 * what state the request is in. Returns false for an error that belongs to no request.
 */
export function endRequestOf(app: FastifyInstance, error: unknown): boolean {
  const origin = origins.getStore();
  if (!origin) return false;
  const log = origin.request?.log ?? app.log;
  log.error({ err: error }, 'an unexpected error ended this request and its connection');
  origin.socket.destroy();
  return true;
}
