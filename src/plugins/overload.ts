import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { problems } from '../problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route answers even while the server is overloaded. */
    answersUnderPressure?: boolean;
  }
}

/** Refuses work while the event loop lags behind, so that what was accepted is finished. */
export const overloadPlugin = fp(
  async (app: FastifyInstance, { config }: { config: Config }) => {
    if (config.limits.eventLoopDelay === 0) return;
    await app.register(underPressure, {
      maxEventLoopDelay: config.limits.eventLoopDelay,
      pressureHandler: async ({ routeOptions }) => {
        if (routeOptions.config.answersUnderPressure) return;
        throw problems.overloaded(undefined, { headers: { 'retry-after': '1' } });
      },
    });
  },
  { name: 'overload' },
);
