import { request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Answer {
  status: number;
  body: string;
  ms: number;
}

/**
 * Sends a request, with chunks as one body; the same buffers may be sent many times. It does little work of its own,
 * because client and server share the cores of the machine.
 */
export function send(
  method: string,
  url: string,
  headers: Record<string, string> = {},
  chunks: readonly Buffer[] = [],
): Promise<Answer> {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const lengths = length > 0 ? { 'content-length': length } : {};
    const outgoing = request(url, { method, headers: { ...headers, ...lengths } });
    outgoing.once('error', reject);
    outgoing.once('response', async (incoming) => {
      const body = await text(incoming);
      resolve({ status: incoming.statusCode!, body, ms: performance.now() - started });
    });
    pump(outgoing, chunks).catch(reject);
  });
}

async function pump(stream: NodeJS.WritableStream, chunks: readonly Buffer[]): Promise<void> {
  for (const chunk of chunks) {
    if (!stream.write(chunk)) await new Promise((resolve) => stream.once('drain', resolve));
  }
  stream.end();
}

/** Posts JSON, and returns that of the answer, which must be a success. */
export async function post<T = Record<string, string>>(
  url: string,
  content: object,
  token?: string,
): Promise<T> {
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const { status, body } = await send('POST', url, headers, [Buffer.from(JSON.stringify(content))]);
  if (status >= 300) throw new Error(`${url} answered ${status}: ${body}`);
  return JSON.parse(body);
}
