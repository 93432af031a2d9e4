import { hash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import fastify from 'fastify';

/** The servers that one would otherwise write for `POST /sum`. Usage: `PORT=… node servers.ts NAME`. */
const name = process.argv[2];
const port = process.env.PORT;

const digest = (document: unknown) => ({ sha256: hash('sha256', String(sumOf(document))) });

/** Adds doubles by recursion, as the usual implementation does. */
function sumOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'object' || value === null) return 0;
  let sum = 0;
  if (Array.isArray(value)) for (const item of value) sum += sumOf(item);
  else for (const key in value) sum += sumOf((value as Record<string, unknown>)[key]);
  return sum;
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const servers: Record<string, () => void> = {
  drain: () =>
    createServer((request, response) => {
      request.on('data', () => undefined).on('end', () => response.end('{}'));
    }).listen(Number(port), '127.0.0.1'),
  'node-parse': () =>
    createServer(async (request, response) => {
      if (request.method === 'GET') return void response.end();
      const document = JSON.parse((await readAll(request)).toString());
      response.setHeader('content-type', 'application/json').end(JSON.stringify(digest(document)));
    }).listen(Number(port), '127.0.0.1'),
  'fastify-parse': () => {
    const app = fastify({ bodyLimit: 2 ** 30 });
    app.post('/sum', async (request) => digest(request.body));
    app.get('/health/live', async () => ({ status: 'ok' }));
    app.listen({ port: Number(port), host: '127.0.0.1' });
  },
};

servers[name!]!();
