import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { RouteTraffic, Traffic } from './traffic.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The counts of the route's requests, where there are metrics. */
    traffic?: RouteTraffic;
  }
}

/** A connection, with the response that it waits for: there is one at most, as pipelined requests are served in turn. */
interface Connection {
  pending: FastifyReply | undefined;
}

/** Measures every request once, also one whose client disconnects. Register it before other hooks. */
export function measureRequests(app: FastifyInstance, traffic: Traffic): void {
  const connections = new WeakMap<Socket, Connection>();
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, traffic: traffic.route(route.url) };
  });
  app.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    const connection = connections.get(socket) ?? addConnection(socket);
    connection.pending = reply;
    traffic.inFlight += 1;
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const connection = connections.get(request.raw.socket);
    if (connection?.pending === reply) finish(connection, reply);
    done();
  });

  // One listener for each connection: one for each response would cost more than what it counts.
  function addConnection(socket: Socket): Connection {
    const connection: Connection = { pending: undefined };
    connections.set(socket, connection);
    socket.once('close', () => {
      if (connection.pending) finish(connection, connection.pending);
    });
    return connection;
  }

  function finish(connection: Connection, reply: FastifyReply): void {
    connection.pending = undefined;
    traffic.inFlight -= 1;
    record(reply, traffic);
  }
}

function record(reply: FastifyReply, { unknown }: Traffic): void {
  const { raw, request } = reply;
  // Paths that no route has, and files that are missing, have the configuration of the handler that answers 404.
  const { traffic = unknown } = request.routeOptions.config;
  const counts = traffic.of(request.method);
  counts.count(raw.writableFinished ? raw.statusCode : 'aborted', reply.elapsedTime / 1000);
  const received = Number(request.headers['content-length']);
  if (received > 0) counts.received += received;
  const sent = Number(reply.getHeader('content-length'));
  if (sent > 0 && request.method !== 'HEAD') counts.sent += sent;
}
