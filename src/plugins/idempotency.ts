import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { createIdempotency, type Idempotency } from '../idempotency/idempotency.ts';
import type { IdempotencyTables } from '../idempotency/tables.ts';

declare module 'fastify' {
  interface FastifyInstance {
    idempotency: Idempotency;
  }
}

/** Pause between removals of expired records, in milliseconds. */
const SWEEP_INTERVAL = 3_600_000;

/** Requests that take effect once however often they are repeated; `lifetime` is in milliseconds. */
export const idempotencyPlugin = fp(
  async (app: FastifyInstance, { lifetime }: { lifetime: number }) => {
    const idempotency = createIdempotency(app.database.as<IdempotencyTables>(), lifetime);
    app.decorate('idempotency', idempotency);
    const sweep = () =>
      idempotency
        .removeExpired()
        .catch((error) => app.log.error({ err: error }, 'expired requests could not be removed'));
    const timer = setInterval(sweep, Math.min(SWEEP_INTERVAL, lifetime));
    timer.unref();
    app.addHook('onClose', async () => clearInterval(timer));
  },
  { name: 'idempotency', dependencies: ['database'] },
);
