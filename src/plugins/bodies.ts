import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import type {
  FastifyBodyParser,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  preParsingHookHandler,
} from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { problems } from '../http/problem.ts';

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
  async (app: FastifyInstance, { config: { http } }: { config: Config }) => {
    const guard = createGuard(http.bodyTimeout);
    app.removeContentTypeParser(['text/plain', 'application/json']);
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, createJsonParser(app));
    if (http.bodyMinRate > 0) watchRates(app, http);
    keepErrorsOfConnections(app.server);
    // With a listener, Node leaves "100 Continue" (RFC 9110 section 10.1.1) to `preParsing` below.
    app.server.on('checkContinue', (request, response) => app.routing(request, response));
    app.server.on('checkExpectation', (request, response) => app.routing(request, response));
    app.addHook('preParsing', (request, reply, payload, done) => {
      if (request.headers.expect !== undefined) invite(request, reply);
      const expectsBody = request.routeOptions.schema?.body !== undefined;
      // Many clients name a type whether they send a body or not.
      if (!expectsBody && !announcesBody(request.headers)) delete request.headers['content-type'];
      done(null, payload);
    });
    app.addHook('onRoute', (route) => {
      if (!route.config?.readsOwnBody) route.preParsing = [guard, route.preParsing ?? []].flat();
    });
  },
  { name: 'bodies' },
);

/**
 * Parses JSON that is valid UTF-8 (RFC 8259 section 8.1); otherwise two texts of bytes could be one password.
 * A byte-order mark is skipped. Clients that send their type with every request may send an empty body
 * to a route that has none.
 */
function createJsonParser(app: FastifyInstance): FastifyBodyParser<Buffer> {
  const parse = app.getDefaultJsonParser('remove', 'remove');
  return (request, body, done) => {
    const takesNoBody = request.routeOptions.schema?.body === undefined;
    if (body.length === 0 && takesNoBody) return done(null, undefined);
    if (!isUtf8(body)) return done(problems.malformedJson('The body is not valid UTF-8.'));
    parse(request, body.toString(), done);
  };
}

/**
 * Gives every request and response a listener for errors, so that a client which leaves is no unexpected error
 * in the log. Node looks for listeners when a connection breaks, but tells them in a later turn; whoever had
 * the only one, and removes it in between, would leave an error that nobody catches.
 */
function keepErrorsOfConnections(server: Server): void {
  // Whoever works on the request has listeners of its own, and learns of it from them.
  onRequests(server, (request, response) => {
    request.on('error', () => undefined);
    response.on('error', () => undefined);
  });
}

/** Listens to requests before anyone answers them. */
function onRequests(
  server: Server,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): void {
  for (const event of ['request', 'checkContinue', 'checkExpectation']) {
    server.prependListener(event, listener);
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

/** Passes a body on to what parses it, until `timeout` milliseconds after it was asked for. */
function createGuard(timeout: number): preParsingHookHandler {
  return ({ headers, raw }, _reply, payload, done) => {
    if (!announcesBody(headers)) return done(null, payload);
    if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
      throw problems.unsupportedEncoding(undefined, { headers: { 'accept-encoding': 'identity' } });
    }
    // Fastify does not listen to a body that it refuses by its announced length.
    const guarded = new PassThrough().on('error', () => undefined);
    const expire = () => guarded.destroy(problems.requestTimeout());
    const deadline = setTimeout(expire, timeout).unref();
    guarded.once('close', () => clearTimeout(deadline));
    raw.once('timeout', expire);
    (payload as Readable).once('error', (error) => guarded.destroy(error)).pipe(guarded);
    done(null, guarded);
  };
}

/** Shortest and longest time between two looks at the bodies that arrive, in milliseconds. */
const LOOKS = { shortest: 50, longest: 5000 };
/** Time that a request which was told that it is too slow has to answer so, in milliseconds. */
const ANSWER_TIME = 5000;

/** A body that arrives: the time until which it may be slow, and what its connection had sent before. */
interface Arrival {
  response: ServerResponse;
  free: number;
  bytesBefore: number;
  refused: boolean;
}

/**
 * Ends requests whose bodies arrive more slowly than `bodyMinRate` on average, as a stall does. The first
 * `bodyIdleTimeout` is free, and so is all time in which it was this side that did not read.
 */
function watchRates(app: FastifyInstance, { bodyMinRate, bodyIdleTimeout }: Config['http']): void {
  const arrivals = new Map<IncomingMessage, Arrival>();
  onRequests(app.server, (request, response) => {
    if (!announcesBody(request.headers)) return;
    const free = Date.now() + bodyIdleTimeout;
    const bytesBefore = request.socket.bytesRead;
    arrivals.set(request, { response, free, bytesBefore, refused: false });
  });
  let lastLook = Date.now();
  const look = () => {
    const now = Date.now();
    for (const [request, arrival] of arrivals) {
      const { socket, complete, readableLength } = request;
      const bytes = socket.bytesRead - arrival.bytesBefore;
      // Once there is an answer nobody reads on, and that is no excuse.
      const isUnread = readableLength > 0 && !arrival.response.writableEnded;
      if (complete || socket.destroyed) arrivals.delete(request);
      else if (isUnread) arrival.free += now - lastLook;
      else if (bytes * 1000 < (now - arrival.free) * bodyMinRate) refuse(request, arrival);
    }
    lastLook = now;
  };
  const interval = Math.min(Math.max(bodyIdleTimeout / 4, LOOKS.shortest), LOOKS.longest);
  const timer = setInterval(look, interval).unref();
  app.addHook('onClose', async () => clearInterval(timer));
}

/** Treats a slow body as a stalled one. Where that has not ended it, the next time closes the connection. */
function refuse(request: IncomingMessage, arrival: Arrival): void {
  const isHeard = !arrival.refused && request.emit('timeout', request.socket);
  if (!isHeard) request.socket.destroy();
  arrival.refused = true;
  arrival.free = Date.now() + ANSWER_TIME;
  arrival.bytesBefore = request.socket.bytesRead;
}
