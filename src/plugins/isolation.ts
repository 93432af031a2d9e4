import { AsyncLocalStorage } from 'node:async_hooks';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';

/** The connection that the current code runs for, and its request once there is one. */
interface ConnectionContext {
  socket: Socket;
  request?: FastifyRequest;
}

const origins = new AsyncLocalStorage<ConnectionContext>();

/** Tracks the request that code runs for, so that an uncaught error ends that request alone. */
export const isolationPlugin = fp(
  async (app: FastifyInstance) => {
    trackConnections(app.server);
    app.addHook('onRequest', (request, _reply, done) => {
      origins.run({ socket: request.raw.socket, request }, done);
    });
  },
  { name: 'isolation' },
);

function trackConnections(server: Server): void {
  const [serve] = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeListener('connection', serve!).on('connection', (socket: Socket) => {
    const origin = { socket };
    // Node emits socket events in the context of the server's listen call, which has no origin.
    const { emit } = socket;
    socket.emit = (...event: [never]) => origins.run(origin, () => emit.apply(socket, event));
    origins.run(origin, () => Reflect.apply(serve!, server, [socket]));
  });
}

/** Returns the request that the current code runs for; undefined for the server's own work. */
export function currentRequest(): FastifyRequest | undefined {
  return origins.getStore()?.request;
}

/**
 * Closes the connection of the request that an uncaught error belongs to, whose state is unknown. Returns
 * false for an error that belongs to no request.
 */
export function endRequestOf(app: FastifyInstance, error: unknown): boolean {
  const origin = origins.getStore();
  if (!origin) return false;
  const log = origin.request?.log ?? app.log;
  log.error({ err: error }, 'an unexpected error ended this request and its connection');
  origin.socket.destroy();
  return true;
}
