import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { problems } from '../http/problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers even while the server is overloaded. */
    answersUnderPressure?: boolean;
  }
}

/** Period of the timer whose delay is measured. */
const RESOLUTION_MS = 10;
const SAMPLE_INTERVAL_MS = 1000;

/**
 * Refuses requests while the event loop is delayed, so that accepted ones finish. The measurement needs no
 * file descriptor, so it works when none is left.
 */
export const overloadPlugin = fp(
  async (app: FastifyInstance, { config }: { config: Config }) => {
    const limit = config.http.maxEventLoopDelay;
    if (limit === 0) return;
    const measured = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    let delay = 0;
    let timer: NodeJS.Timeout | undefined;
    // Work at startup delays the event loop while there are no requests to refuse.
    app.addHook('onListen', async () => {
      measured.enable();
      timer = setInterval(() => {
        // No measurement at all: the event loop was blocked for the whole interval.
        delay =
          measured.count === 0 ? Number.POSITIVE_INFINITY : measured.mean / 1e6 - RESOLUTION_MS;
        measured.reset();
      }, SAMPLE_INTERVAL_MS).unref();
    });
    app.addHook('onClose', async () => {
      clearInterval(timer);
      measured.disable();
    });
    app.addHook('onRequest', (request, _reply, done) => {
      // Fastify makes `routeOptions` each time it is read.
      if (delay <= limit || request.routeOptions.config.answersUnderPressure) return done();
      done(problems.overloaded());
    });
  },
  { name: 'overload' },
);
