import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ConfigError } from '../config-error.ts';
import { pathAndQuery } from '../http/request-target.ts';

/** Prometheus' text, and its media type. */
export interface Exposition {
  readonly contentType: string;
  metrics(): Promise<string>;
}

interface MetricsServer {
  /** Ends the connections that are idle, and those of answers a moment later. */
  close(): Promise<void>;
}

const TIMEOUT_MS = 30_000;
const MAX_CONNECTIONS = 100;

/**
 * Serves metrics at `/metrics`, on a port of its own, so that no proxy in front of the API opens them to the world.
 *
 * @throws {ConfigError} if the port cannot be listened on
 */
export async function serveMetrics(
  { host, port }: { host: string; port: number },
  exposition: Exposition,
  onError: (error: unknown) => void,
): Promise<MetricsServer> {
  const server = createServer({ requestTimeout: TIMEOUT_MS }, (request, response) => {
    answer(request, response, exposition).catch((error) => {
      onError(error);
      if (!response.headersSent) sendText(response, 500, 'the metrics could not be collected\n');
      else response.destroy();
    });
  });
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
    server.listen({ host, port }, resolve);
  });
  server.on('error', onError).unref();
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS).unref();
      }),
  };
}

const CLOSE_TIMEOUT_MS = 1000;

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  exposition: Exposition,
): Promise<void> {
  request.resume();
  const [path] = pathAndQuery(request.url ?? '/').split('?', 1);
  if (path !== '/metrics') {
    sendText(response, 404, 'the metrics are at /metrics\n');
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    sendText(response, 405, 'use GET\n');
    return;
  }
  const text = await exposition.metrics();
  response.setHeader('cache-control', 'no-store');
  sendText(response, 200, text, exposition.contentType);
}

function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  contentType = 'text/plain; charset=utf-8',
): void {
  response
    .writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(text) })
    .end(text);
}

function explain({ code, message }: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (code) {
    case 'EADDRINUSE':
      return new ConfigError(
        `METRICS_PORT: port ${port} is in use; stop what listens there, or choose another`,
      );
    case 'EACCES':
      return new ConfigError(`METRICS_PORT: no permission to listen on port ${port}`);
    default:
      return new ConfigError(`METRICS_HOST: cannot listen on ${host}: ${message}`);
  }
}
