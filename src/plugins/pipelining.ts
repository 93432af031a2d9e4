import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { createClientOf, networkOf } from '../http/client-network.ts';
import { createInFlight } from '../http/in-flight.ts';
import { createReadGate } from '../http/read-gate.ts';
import { createTrust } from '../http/trusted-proxies.ts';
import { createTurns, inThisContext } from '../http/turns.ts';
import { facts } from '../telemetry.ts';

interface Waiting {
  client: string;
  response: ServerResponse;
  serve(): void;
}

interface WaitingRequest extends Waiting {
  /** Set if it counts against the client's limit; those of proxies do not. */
  isCounted: boolean;
}

interface Connection {
  /** Requests that wait for the response to the one before them. */
  readonly waiting: WaitingRequest[];
  isBusy: boolean;
  /** Requests beyond the limit of the connection, which are dropped. */
  dropped: number;
}

/** Requests that begin in one turn of the event loop: few enough for the next client to be served soon. */
const REQUESTS_PER_TURN = 8;
/**
 * Dropped requests of a client after which its connections are closed without their answers: they have been parsed, and
 * stay in memory as long as those are open.
 */
const MAX_DROPPED_PER_CLIENT = 4096;

/**
 * Lets clients take turns, however many connections each has, and serves pipelined requests of a connection one after
 * the other. Node by itself emits all requests that have arrived, on all connections, before it does anything else.
 *
 * Register it after every plugin that listens to requests and connections.
 */
export const pipeliningPlugin = fp(
  async (app: FastifyInstance, { config }: { config: Config }) => {
    const { maxPipelined, maxPipelinedPerClient, trustProxy } = config.http;
    const connections = new WeakMap<Socket, Connection>();
    const clientOf = createClientOf(trustProxy);
    const trusts = createTrust(trustProxy);
    const turns = createTurns(REQUESTS_PER_TURN);
    const pipelined = createInFlight(maxPipelinedPerClient);
    const dropped = createInFlight(MAX_DROPPED_PER_CLIENT);
    const leave = (request: WaitingRequest) => request.isCounted && pipelined.leave(request.client);
    const gate = createReadGate(
      app.server,
      ({ remoteAddress = '' }) => (trusts(remoteAddress) ? undefined : networkOf(remoteAddress)),
      (socket) => !connections.get(socket)?.waiting.length,
    );
    for (const event of ['request', 'checkContinue', 'checkExpectation']) {
      replaceListeners(app.server, event, (serve, request, response) => {
        const { socket } = request;
        const client = clientOf(request);
        const connection = connections.get(socket) ?? addConnection(socket, client);
        gate.count(client);
        if (socket.destroyed) return;
        if (!connection.isBusy) {
          connection.isBusy = true;
          turns.take(client, () => begin(connection, serve, socket, response));
        } else if (connection.waiting.length >= maxPipelined || connection.dropped > 0) {
          dropped.enter(client) ? drop(connection, request) : socket.destroy();
        } else {
          wait(connection, { client, response, serve }, request);
        }
      });
    }

    function wait(connection: Connection, next: Waiting, request: IncomingMessage): void {
      const isCounted = !trusts(request.socket.remoteAddress);
      if (!isCounted || pipelined.enter(next.client)) {
        connection.waiting.push({ ...next, isCounted, serve: inThisContext(next.serve) });
        stopReading(request);
      } else {
        facts.publish({ type: 'limit_reached', limit: 'pipelined' });
        // Its requests, which are parsed already, would stay in memory until those before them are answered.
        request.socket.destroy();
      }
    }

    function addConnection(socket: Socket, client: string): Connection {
      const connection: Connection = { waiting: [], isBusy: false, dropped: 0 };
      connections.set(socket, connection);
      socket.once('close', () => {
        for (const request of connection.waiting.splice(0)) leave(request);
        while (connection.dropped-- > 0) dropped.leave(client);
      });
      return connection;
    }

    function begin(
      connection: Connection,
      serve: () => void,
      socket: Socket,
      response: ServerResponse,
    ) {
      if (socket.destroyed) return;
      response.once('close', () => {
        const next = connection.waiting.shift();
        if (next) leave(next);
        if (!next || socket.destroyed) connection.isBusy = false;
        else {
          turns.take(next.client, () => {
            if (socket.destroyed) return;
            if (connection.waiting.length === 0 && connection.dropped === 0) socket.resume();
            begin(connection, next.serve, socket, next.response);
          });
        }
      });
      serve();
    }
  },
  { name: 'pipelining', dependencies: ['isolation', 'bodies', 'shutdown'] },
);

/** Drops a request, and closes the connection once those before it have been answered. */
function drop(connection: Connection, request: IncomingMessage): void {
  connection.dropped += 1;
  if (connection.dropped > 1) return;
  // Tells the client that later requests were not processed (RFC 9112 section 9.6).
  connection.waiting.at(-1)?.response.setHeader('connection', 'close');
  stopReading(request);
}

/** Stops reading from a connection until its requests have been answered. */
function stopReading(request: IncomingMessage): void {
  // Nothing else listens to a request that waits.
  request.on('error', () => undefined);
  // In the next tick, because Node resumes reading at the end of each request.
  process.nextTick(() => request.socket.pause());
}

/** Replaces the listeners of an event by one that decides when they are called. */
function replaceListeners(
  server: Server,
  event: string,
  listener: (serve: () => void, request: IncomingMessage, response: ServerResponse) => void,
): void {
  const listeners = server.listeners(event) as RequestListener[];
  server.removeAllListeners(event).on(event, (request, response) => {
    const serve = () => {
      for (const each of listeners) Reflect.apply(each, server, [request, response]);
    };
    listener(serve, request, response);
  });
}
