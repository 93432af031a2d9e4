import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { createClientOf } from '../http/client-network.ts';
import { createInFlight } from '../http/in-flight.ts';
import { problems } from '../http/problem.ts';
import { facts } from '../telemetry.ts';

/**
 * Limits the requests of a client that are in flight: from the turn in which one begins, before its body is read, to the
 * end of its response. So no client holds all connections to the database, all memory for bodies, or all threads.
 *
 * Register it after the plugin that checks tokens, which may wait for the database: the limit comes before that.
 */
export const requestsInFlightPlugin = fp(
  async (app: FastifyInstance, { config }: { config: Config }) => {
    const { maxInFlightPerClient, trustProxy } = config.http;
    if (maxInFlightPerClient === 0) return;
    const clientOf = createClientOf(trustProxy);
    const inFlight = createInFlight(maxInFlightPerClient);
    const enter: onRequestHookHandler = ({ raw }, reply, done) => {
      const client = clientOf(raw);
      if (!inFlight.enter(client)) {
        facts.publish({ type: 'limit_reached', limit: 'in_flight' });
        return done(problems.tooManyInFlight());
      }
      reply.raw.once('close', () => inFlight.leave(client));
      done();
    };
    app.addHook('onRoute', (route) => {
      if (route.config?.rate === 'unlimited') return;
      route.onRequest = [enter, ...[route.onRequest ?? []].flat()];
    });
  },
  { name: 'requests-in-flight', dependencies: ['problems', 'auth'] },
);
