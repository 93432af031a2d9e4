import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { sweepRegularly } from '../http/sweep.ts';
import { createIdempotency, type Idempotency } from '../idempotency/idempotency.ts';
import type { IdempotencyTables } from '../idempotency/tables.ts';
import { HOUR_MS } from '../setting-types.ts';

declare module 'fastify' {
  interface FastifyInstance {
    idempotency: Idempotency;
  }
}

const SWEEP_INTERVAL_MS = HOUR_MS;

/** Makes repeated requests take effect once; remembers them for `lifetime` milliseconds. */
export const idempotencyPlugin = fp(
  async (app: FastifyInstance, { lifetime }: { lifetime: number }) => {
    const idempotency = createIdempotency(app.database.as<IdempotencyTables>(), lifetime);
    app.decorate('idempotency', idempotency);
    sweepRegularly(app, {
      interval: Math.min(SWEEP_INTERVAL_MS, lifetime),
      run: idempotency.removeExpired,
      failure: 'expired requests could not be removed',
    });
  },
  { name: 'idempotency', dependencies: ['database'] },
);
