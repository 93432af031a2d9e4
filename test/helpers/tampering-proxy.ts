import { type ClientRequest, createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** Changes to the messages that pass. Each may be set and unset at any time. */
interface Tampering {
  /** Changes the body of a request. */
  request?: ((body: Buffer, message: IncomingMessage) => Buffer) | undefined;
  /** Changes the body of an answer, whose Content-Length stays that of the original. */
  answer?: ((body: Buffer, message: IncomingMessage) => Buffer) | undefined;
  /** Requests that match get no answer. */
  hang?: ((message: IncomingMessage) => boolean) | undefined;
}

export interface TamperingProxy {
  /** STORAGE_URL whose endpoint is the proxy. */
  url: string;
  tampering: Tampering;
  /** Number of open connections from the server under test. */
  connections(): Promise<number>;
}

/** Starts a proxy between a server and its S3 that can damage messages, closed when the test that calls it ends. */
export async function tamperingProxyForTest(storageUrl: string): Promise<TamperingProxy> {
  const url = new URL(storageUrl);
  const target = new URL(url.searchParams.get('endpoint')!);
  const tampering: Tampering = {};
  const upstreams = new Set<ClientRequest>();
  const server = createServer(async (message, response) => {
    response.on('error', () => undefined);
    if (tampering.hang?.(message)) return;
    try {
      const sent = await buffer(message);
      const body = tampering.request?.(sent, message) ?? sent;
      const { method, url: path, headers } = message;
      // The Host header is part of the signature, so it stays.
      const upstream = request(target, { method: method!, path: path!, headers });
      upstreams.add(upstream);
      upstream.end(body);
      const answer = await new Promise<IncomingMessage>((resolve, reject) =>
        upstream.once('response', resolve).once('error', reject),
      );
      const received = await buffer(answer);
      upstreams.delete(upstream);
      const passed = tampering.answer?.(received, message) ?? received;
      response.writeHead(answer.statusCode!, answer.headers);
      if (passed.length >= received.length) response.end(passed);
      else response.write(passed, () => response.socket?.end());
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const upstream of upstreams) upstream.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  url.searchParams.set('endpoint', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    url: url.href,
    tampering,
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
  };
}

/** Changes one byte in the middle. */
export function flipByte(body: Buffer): Buffer {
  const changed = Buffer.from(body);
  changed[changed.length >> 1]! ^= 1;
  return changed;
}
