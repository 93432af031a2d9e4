import cluster from 'node:cluster';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import type { Instruments } from '../metrics/registry.ts';

/**
 * Measures the app, and serves that on METRICS_PORT until the app is closed; a worker tells its primary, which serves.
 * Does nothing, and loads nothing, where no port is set.
 *
 * Register it first: its hooks see requests that others refuse, and it closes after everything else.
 */
export const metricsPlugin = fp(
  async (app: FastifyInstance, { config }: { config: Config }) => {
    const { port, host } = config.metrics;
    if (port === undefined) return;
    const [
      { createRegistry },
      { collect },
      { measureRequests },
      { serveMetrics },
      { answerPrimary },
    ] = await Promise.all([
      import('../metrics/registry.ts'),
      import('../metrics/collect.ts'),
      import('../metrics/requests.ts'),
      import('../metrics/server.ts'),
      import('../metrics/workers.ts'),
    ]);
    const { registry, instruments, traffic } = createRegistry();
    const stopCollecting = collect(instruments);
    measureRequests(app, traffic);

    let close = async () => undefined as unknown;
    app.addHook('onReady', async () => {
      const refresh = () => measureState(app, instruments);
      if (cluster.isWorker) {
        close = answerPrimary(registry, refresh);
        return;
      }
      const exposition = {
        contentType: registry.contentType,
        async metrics() {
          await refresh();
          return registry.metrics();
        },
      };
      const logError = (error: unknown) => app.log.error({ err: error }, 'metrics failed');
      ({ close } = await serveMetrics({ host, port }, exposition, logError));
      app.log.info(`metrics are at http://${host}:${port}/metrics`);
    });
    app.addHook('onClose', async () => {
      stopCollecting();
      await close();
    });
  },
  { name: 'metrics' },
);

/** Longest wait for the parts that the server needs, before they count as not ready. */
const READINESS_TIMEOUT_MS = 3000;

/** Sets the gauges of what is not counted while it changes. */
async function measureState(app: FastifyInstance, instruments: Instruments): Promise<void> {
  const { in_use, idle, waiting } = app.database.connections();
  for (const [state, count] of Object.entries({ in_use, idle, waiting })) {
    instruments.databaseConnections.set({ state }, count);
  }
  instruments.connections.set(app.openConnections());
  const parts = await app.readiness.check(READINESS_TIMEOUT_MS);
  for (const [part, error] of parts) instruments.ready.set({ part }, error === undefined ? 1 : 0);
}
