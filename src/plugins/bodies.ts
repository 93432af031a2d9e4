import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest, preParsingHookHandler } from 'fastify';
import fp from 'fastify-plugin';
import { problems } from '../problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The handler reads `request.raw` itself, with its own decoding and time-out. */
    readsOwnBody?: boolean;
  }
}

/**
 * How request bodies arrive: nothing is asked for before the hooks that may refuse it have run, a
 * client that stalls gets a 408, and JSON is the only type that is parsed.
 */
export const bodiesPlugin = fp(
  async (app: FastifyInstance) => {
    app.removeContentTypeParser('text/plain');
    keepErrorsOfConnections(app.server);
    // With a listener, Node leaves "100 Continue" (RFC 9110 section 10.1.1) to `preParsing` below.
    app.server.on('checkContinue', (request, response) => app.routing(request, response));
    app.server.on('checkExpectation', (request, response) => app.routing(request, response));
    app.addHook('preParsing', (request, reply, payload, done) => {
      if (request.headers.expect !== undefined) invite(request, reply);
      done(null, payload);
    });
    app.addHook('onRoute', (route) => {
      if (!route.config?.readsOwnBody) route.preParsing = [guard, route.preParsing ?? []].flat();
    });
  },
  { name: 'bodies' },
);

/**
 * Gives every request and response a listener for errors. A client that leaves makes both emit one, at
 * any time; without a listener then, for instance once an answer is out, it would end the process.
 */
function keepErrorsOfConnections(server: Server): void {
  // Whoever works on the request has listeners of its own, and learns of it from them.
  const listen = (request: IncomingMessage, response: ServerResponse) => {
    request.on('error', () => undefined);
    response.on('error', () => undefined);
  };
  for (const event of ['request', 'checkContinue', 'checkExpectation']) {
    server.prependListener(event, listen);
  }
}

/** Whether a body follows the header (RFC 9112 section 6.3). */
export function announcesBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;
}

function invite({ headers, raw }: FastifyRequest, reply: FastifyReply): void {
  if (headers.expect!.toLowerCase() !== '100-continue') throw problems.expectationFailed();
  if (raw.httpVersion !== '1.0') reply.raw.writeContinue();
}

const guard: preParsingHookHandler = ({ headers, raw }, _reply, payload, done) => {
  if (!announcesBody(headers)) return done(null, payload);
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw problems.unsupportedEncoding(undefined, { headers: { 'accept-encoding': 'identity' } });
  }
  // Fastify does not listen to a body that it refuses by its announced length.
  const guarded = new PassThrough().on('error', () => undefined);
  raw.once('timeout', () => guarded.destroy(problems.requestTimeout()));
  (payload as Readable).once('error', (error) => guarded.destroy(error)).pipe(guarded);
  done(null, guarded);
};
