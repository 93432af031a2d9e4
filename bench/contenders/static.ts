import { basename, dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import fastify from 'fastify';

/** Serves one file. Arguments: its path, a port. */
const [path = '', port = ''] = process.argv.slice(2);
const app = fastify();
await app.register(fastifyStatic, { root: dirname(path), serve: false });
app.get('/thumbnail', (_request, reply) => reply.sendFile(basename(path)));
await app.listen({ port: Number(port), host: '127.0.0.1' });
