import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { operations } from '../telemetry.ts';
import type { RequestSpan } from '../tracing/tracing.ts';
import { version } from '../version.ts';
import { currentRequest } from './isolation.ts';

/**
 * Sends a trace of each request to an OpenTelemetry collector, and adds its id to the log lines of the request. Does
 * nothing, and loads nothing, where none is configured.
 */
export const tracingPlugin = fp(
  async (app: FastifyInstance, { config }: { config: Config }) => {
    if (config.tracing.endpoint === '') return;
    const { createTracing } = await import('../tracing/tracing.ts');
    const tracing = createTracing(config.tracing, version, app.log);
    const spans = new WeakMap<FastifyRequest, RequestSpan>();
    app.addHook('onRequest', (request, reply, done) => {
      const { method, headers } = request;
      const span = tracing.start(method, headers);
      spans.set(request, span);
      request.log = request.log.child({ trace_id: span.traceId });
      reply.log = request.log;
      reply.raw.once('close', () => {
        const route = (!request.is404 && request.routeOptions.url) || 'unknown';
        span.end({ route, status: reply.raw.writableFinished ? reply.statusCode : undefined });
      });
      done();
    });
    const unsubscribe = operations.subscribe((operation) => {
      const request = currentRequest();
      if (request) spans.get(request)?.addOperation(operation);
    });
    app.addHook('onClose', async () => {
      unsubscribe();
      await tracing.close();
    });
  },
  { name: 'tracing', dependencies: ['isolation'] },
);
