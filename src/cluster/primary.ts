import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { END_SIGNALS, onSignals } from '../end-signals.ts';
import { Pool } from './pool.ts';

/**
 * Starts workers that serve requests on one port, and keeps them running. SIGHUP replaces them; the signals that end a
 * process end them all, and then this process. If this process dies, Node ends the workers.
 */
export async function runPrimary({ workers, http, metrics }: Config, log: Logger): Promise<void> {
  process.title = 'tally: primary';
  cluster.setupPrimary({ exec: fileURLToPath(new URL('../server.ts', import.meta.url)), args: [] });
  // A shared listener is uneven, and SO_REUSEPORT loses connections that wait while a worker is replaced.
  cluster.schedulingPolicy = cluster.SCHED_RR;
  if (metrics.port !== undefined) {
    const { serveWorkerMetrics } = await import('../metrics/workers.ts');
    const { host, port } = metrics;
    await serveWorkerMetrics({ host, port }, (error) =>
      log.error({ err: error }, 'metrics failed'),
    );
  }
  const pool = new Pool({ size: workers, log, http });
  let isEnding = false;
  onSignals(
    END_SIGNALS,
    async (signal) => {
      isEnding = true;
      const code = (await pool.end(signal)) ? 0 : 1;
      log.info({ signal, code }, 'stopped');
      process.exit(code);
    },
    (signal) => {
      log.error(`second ${signal}, exiting`);
      pool.kill();
      process.exit(1);
    },
  );
  process.on('SIGHUP', () => pool.replace());
  const isStarted = await pool.start();
  if (isEnding) return;
  // The worker has said why.
  if (!isStarted) process.exit(1);
  log.info({ workers }, 'the workers listen');
}
