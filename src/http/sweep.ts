import type { FastifyInstance } from 'fastify';

interface Sweep {
  /** Milliseconds between two runs. */
  interval: number;
  run(): Promise<unknown>;
  /** Log message for a run that failed; the next one tries again. */
  failure: string;
}

/** Runs a task at an interval until the app closes. */
export function sweepRegularly(app: FastifyInstance, { interval, run, failure }: Sweep): void {
  const timer = setInterval(() => {
    run().catch((error) => app.log.error({ err: error }, failure));
  }, interval).unref();
  app.addHook('onClose', async () => clearInterval(timer));
}
