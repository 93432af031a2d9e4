import type { FastifyInstance } from 'fastify';

interface Sweep {
  /** Milliseconds between two runs. */
  interval: number;
  run(): Promise<unknown>;
  /** Log message for a run that failed; the next one tries again. */
  failure: string;
}

/** Runs a task at an interval, one run at a time, until the app closes; closing waits for the last one. */
export function sweepRegularly(app: FastifyInstance, { interval, run, failure }: Sweep): void {
  let running: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    running ??= run()
      .catch((error) => app.log.error({ err: error }, failure))
      .finally(() => {
        running = undefined;
      });
  }, interval).unref();
  app.addHook('onClose', async () => {
    clearInterval(timer);
    await running;
  });
}
