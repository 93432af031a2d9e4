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
    /** The handler reads `request.raw` itself, with its own decoding and timeout. */
    readsOwnBody?: boolean;
  }
}

/**
 * Receives request bodies. A client that expects "100 Continue" gets it only after the hooks that may refuse
 * the request; a stalled body is answered with 408; only JSON is parsed.
 */
export const bodiesPlugin = fp(
  async (app: FastifyInstance, { config: { http } }: { config: Config }) => {
    const guard = createGuard(http.bodyTimeout);
    app.removeContentTypeParser(['text/plain', 'application/json']);
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, createJsonParser(app));
    if (http.bodyMinRate > 0) enforceMinRate(app, http);
    ignoreConnectionErrors(app.server);
    // With a listener, Node leaves "100 Continue" (RFC 9110 section 10.1.1) to `preParsing` below.
    app.server.on('checkContinue', (request, response) => app.routing(request, response));
    app.server.on('checkExpectation', (request, response) => app.routing(request, response));
    app.addHook('preParsing', (request, reply, payload, done) => {
      if (request.headers.expect !== undefined) sendContinue(request, reply);
      // Many clients send a content type with every request, even without a body.
      if (!announcesBody(request.headers) && request.routeOptions.schema?.body === undefined) {
        delete request.headers['content-type'];
      }
      done(null, payload);
    });
    app.addHook('onRoute', (route) => {
      if (!route.config?.readsOwnBody) route.preParsing = [guard, route.preParsing ?? []].flat();
    });
  },
  { name: 'bodies' },
);

/**
 * Parses JSON in valid UTF-8 (RFC 8259 section 8.1); decoding invalid bytes would turn different passwords
 * into the same one. Skips a byte-order mark. Routes without a body accept an empty one.
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
 * Adds an error listener to every request and response, so that a client which disconnects is not an uncaught
 * error. Node checks for listeners when a connection breaks, but emits the error in a later turn; code that
 * removes its listener in between would leave none.
 */
function ignoreConnectionErrors(server: Server): void {
  // Code that reads the request or writes the response has listeners of its own.
  onRequests(server, (request, response) => {
    request.on('error', () => undefined);
    response.on('error', () => undefined);
  });
}

/** Adds a listener that runs before the one that answers requests. */
function onRequests(
  server: Server,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): void {
  for (const event of ['request', 'checkContinue', 'checkExpectation']) {
    server.prependListener(event, listener);
  }
}

/** Returns true if a body follows the header (RFC 9112 section 6.3). */
export function announcesBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;
}

function sendContinue({ headers, raw }: FastifyRequest, reply: FastifyReply): void {
  if (headers.expect!.toLowerCase() !== '100-continue') throw problems.expectationFailed();
  if (raw.httpVersion !== '1.0') reply.raw.writeContinue();
}

/** Passes a body on to its parser, and fails with 408 after `timeout` milliseconds. */
function createGuard(timeout: number): preParsingHookHandler {
  return ({ headers, raw }, _reply, payload, done) => {
    if (!announcesBody(headers)) return done(null, payload);
    if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
      throw problems.unsupportedEncoding(undefined, { headers: { 'accept-encoding': 'identity' } });
    }
    // Fastify adds no error listener to a body that it refuses by its Content-Length.
    const guarded = new PassThrough().on('error', () => undefined);
    const expire = () => guarded.destroy(problems.requestTimeout());
    const deadline = setTimeout(expire, timeout).unref();
    guarded.once('close', () => clearTimeout(deadline));
    raw.once('timeout', expire);
    (payload as Readable).once('error', (error) => guarded.destroy(error)).pipe(guarded);
    done(null, guarded);
  };
}

/** Bounds of the time between two checks of the bodies in flight. */
const CHECK_INTERVAL_MS = { min: 50, max: 5000 };
/** Time in which a refused request has to be answered before its connection is closed. */
const REFUSAL_GRACE_MS = 5000;

/** A request body in flight. */
interface BodyInFlight {
  response: ServerResponse;
  /** End of the time in which the body may be slow, in milliseconds since 1970. */
  graceEnd: number;
  /** Bytes that the connection had sent before this body. */
  bytesBefore: number;
  refused: boolean;
}

/**
 * Ends requests whose bodies arrive more slowly than `bodyMinRate` on average, as a stall does. The first
 * `bodyIdleTimeout` does not count, nor does time in which the server did not read.
 */
function enforceMinRate(
  app: FastifyInstance,
  { bodyMinRate, bodyIdleTimeout }: Config['http'],
): void {
  const bodies = new Map<IncomingMessage, BodyInFlight>();
  // Most bodies arrive with their header: kept until a check, they would fill the memory that outlives a collection.
  let begun: [IncomingMessage, BodyInFlight][] = [];
  const keepIncomplete = () => {
    for (const [request, body] of begun) if (!request.complete) bodies.set(request, body);
    begun = [];
  };
  onRequests(app.server, (request, response) => {
    if (request.complete || !announcesBody(request.headers)) return;
    const graceEnd = Date.now() + bodyIdleTimeout;
    const bytesBefore = request.socket.bytesRead;
    if (begun.length === 0) setImmediate(keepIncomplete);
    begun.push([request, { response, graceEnd, bytesBefore, refused: false }]);
  });
  let lastCheck = Date.now();
  const check = () => {
    const now = Date.now();
    for (const [request, body] of bodies) {
      const { socket, complete, readableLength } = request;
      const bytes = socket.bytesRead - body.bytesBefore;
      // After the response nothing reads the body any more; then the client's rate counts again.
      const isUnread = readableLength > 0 && !body.response.writableEnded;
      if (complete || socket.destroyed) bodies.delete(request);
      else if (isUnread) body.graceEnd += now - lastCheck;
      else if (bytes * 1000 < (now - body.graceEnd) * bodyMinRate) refuse(request, body);
    }
    lastCheck = now;
  };
  const { min, max } = CHECK_INTERVAL_MS;
  const timer = setInterval(check, Math.min(Math.max(bodyIdleTimeout / 4, min), max)).unref();
  app.addHook('onClose', async () => clearInterval(timer));
}

/** Reports a slow body as a stalled one, and closes the connection if that has not ended the request. */
function refuse(request: IncomingMessage, body: BodyInFlight): void {
  const hasListener = !body.refused && request.emit('timeout', request.socket);
  if (!hasListener) request.socket.destroy();
  body.refused = true;
  body.graceEnd = Date.now() + REFUSAL_GRACE_MS;
  body.bytesBefore = request.socket.bytesRead;
}
