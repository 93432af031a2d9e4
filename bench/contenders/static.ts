import { basename, dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import fastify from 'fastify';

/** Serves one file, whose path is the argument, on PORT. */
const path = process.argv[2]!;
const app = fastify();
await app.register(fastifyStatic, { root: dirname(path), serve: false });
app.get('/health/live', async () => ({ status: 'ok' }));
app.get('/thumbnail', (_request, reply) => reply.sendFile(basename(path)));
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
