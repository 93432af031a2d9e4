import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { operations } from '../telemetry.ts';
import { currentRequest } from './isolation.ts';

/** SQL beyond this length is cut off in the log. */
const MAX_SQL_LENGTH = 2000;

/** Warns about requests and statements that took longer than `SLOW_REQUEST` and `SLOW_STATEMENT`. */
export const slowLogPlugin = fp(
  async (app: FastifyInstance, { config }: { config: Config }) => {
    const { request, statement } = config.slow;
    if (request > 0) logSlowRequests(app, request);
    if (statement > 0) logSlowStatements(app, statement);
  },
  { name: 'slow-log', dependencies: ['isolation'] },
);

function logSlowRequests(app: FastifyInstance, limit: number): void {
  app.addHook('onResponse', (request, reply, done) => {
    const ms = reply.elapsedTime;
    if (ms > limit) {
      // Read only here: Fastify makes some of these when they are read.
      const { method, routeOptions, is404, log } = request;
      const route = is404 ? 'unknown' : routeOptions.url;
      log.warn({ method, route, status: reply.statusCode, ms: Math.round(ms) }, 'slow request');
    }
    done();
  });
}

/** Logs the SQL with placeholders, and no values. The line has the id of the request that the statement ran for. */
function logSlowStatements(app: FastifyInstance, limit: number): void {
  const unsubscribe = operations.subscribe(({ kind, sql, ms, error }) => {
    if (ms <= limit || (kind !== 'statement' && kind !== 'connection')) return;
    const log = currentRequest()?.log ?? app.log;
    const failed = error !== undefined;
    if (kind === 'connection')
      log.warn({ ms: Math.round(ms), failed }, 'slow wait for a database connection');
    else
      log.warn(
        { sql: sql?.slice(0, MAX_SQL_LENGTH), ms: Math.round(ms), failed },
        'slow statement',
      );
  });
  app.addHook('onClose', async () => unsubscribe());
}
