import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { onTestFinished } from 'vitest';

export interface FaultServer {
  url: string;
  /** Returns the number of requests so far. */
  requests(): number;
}

/** Starts a bare HTTP server with this listener, closed when the test that calls it ends. */
export async function faultServer(listener: RequestListener, port = 0): Promise<FaultServer> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => close(server));
  const { port: actual } = server.address() as { port: number };
  return { url: `http://localhost:${actual}`, requests: () => requests };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  return body;
}

/** Makes a listener that gives these answers in order, and repeats the last one. */
export function answers(
  ...list: { status: number; headers?: Record<string, string>; body?: string }[]
): RequestListener {
  let next = 0;
  return (request, response) => {
    const { status, headers, body } = list[Math.min(next++, list.length - 1)]!;
    request.resume().on('end', () => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(body);
    });
  };
}

export const healthy = { status: 200, body: '{"status":"ok"}' };

/** Returns the error that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('the promise was not rejected');
}
