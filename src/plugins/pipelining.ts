import { AsyncResource } from 'node:async_hooks';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';

interface Connection {
  /** Requests that wait for the response to the one before them. */
  readonly waiting: { response: ServerResponse; serve: () => void }[];
  isBusy: boolean;
  /** Set once the connection has exceeded its limit; later requests are dropped. */
  isFull: boolean;
}

/**
 * Serves pipelined requests of a connection one after the other, and at most one of all connections in each
 * turn of the event loop. Node by itself emits all requests of a chunk, thousands in 64 KiB, before it
 * reads from another connection.
 *
 * Register it after every plugin that listens to requests.
 */
export const pipeliningPlugin = fp(
  async (app: FastifyInstance, { config }: { config: Config }) => {
    const connections = new WeakMap<Socket, Connection>();
    const takeTurn = createTurns();
    for (const event of ['request', 'checkContinue', 'checkExpectation']) {
      replaceListeners(app.server, event, (serve, request, response) => {
        const { socket } = request;
        const connection = connections.get(socket) ?? { waiting: [], isBusy: false, isFull: false };
        connections.set(socket, connection);
        if (connection.isBusy)
          enqueue(connection, config.http.maxPipelined, serve, request, response);
        else begin(connection, serve, socket, response);
      });
    }

    function begin(
      connection: Connection,
      serve: () => void,
      socket: Socket,
      response: ServerResponse,
    ) {
      connection.isBusy = true;
      response.once('close', () => {
        const next = connection.waiting.shift();
        if (!next || socket.destroyed) connection.isBusy = false;
        else {
          takeTurn(() => {
            if (socket.destroyed) return;
            if (connection.waiting.length === 0 && !connection.isFull) socket.resume();
            begin(connection, next.serve, socket, next.response);
          });
        }
      });
      serve();
    }
  },
  { name: 'pipelining', dependencies: ['isolation', 'bodies', 'shutdown'] },
);

/** Keeps a request until those before it have been answered, and stops reading from the connection. */
function enqueue(
  connection: Connection,
  maxWaiting: number,
  serve: () => void,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { waiting, isFull } = connection;
  // Nothing else listens to a request that waits.
  request.on('error', () => undefined);
  if (isFull) return;
  if (waiting.length < maxWaiting) {
    waiting.push({ response, serve: AsyncResource.bind(serve) });
  } else {
    connection.isFull = true;
    // Tells the client that later requests were not processed (RFC 9112 section 9.6).
    waiting.at(-1)?.response.setHeader('connection', 'close');
  }
  // In the next tick, because Node resumes reading at the end of each request.
  process.nextTick(() => request.socket.pause());
}

/** Returns a function that queues callbacks and calls one of them in each turn of the event loop. */
function createTurns(): (callback: () => void) => void {
  const callbacks: (() => void)[] = [];
  let isDue = false;
  function callNext(): void {
    callbacks.shift()!();
    isDue = callbacks.length > 0;
    if (isDue) setImmediate(callNext);
  }
  return (callback) => {
    callbacks.push(callback);
    if (!isDue) setImmediate(callNext);
    isDue = true;
  };
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
