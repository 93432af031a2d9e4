import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { problems } from '../http/problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route answers even while the server is overloaded. */
    answersUnderPressure?: boolean;
  }
}

/** Period of the timer whose delays are measured, in milliseconds. */
const RESOLUTION = 10;
const SAMPLE_INTERVAL = 1000;

/**
 * Refuses work while the event loop lags behind, so that what was accepted is finished. Measuring opens
 * no file, and so goes on when no more can be opened.
 */
export const overloadPlugin = fp(
  async (app: FastifyInstance, { config }: { config: Config }) => {
    const limit = config.http.maxEventLoopDelay;
    if (limit === 0) return;
    const measured = monitorEventLoopDelay({ resolution: RESOLUTION });
    measured.enable();
    let delay = 0;
    const timer = setInterval(() => {
      // Without a single measurement the loop stood still.
      delay = measured.count === 0 ? Number.POSITIVE_INFINITY : measured.mean / 1e6 - RESOLUTION;
      measured.reset();
    }, SAMPLE_INTERVAL).unref();
    app.addHook('onClose', async () => {
      clearInterval(timer);
      measured.disable();
    });
    app.addHook('onRequest', ({ routeOptions }, _reply, done) => {
      if (delay <= limit || routeOptions.config.answersUnderPressure) return done();
      done(problems.overloaded());
    });
  },
  { name: 'overload' },
);
