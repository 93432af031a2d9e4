import type { Logger } from 'pino';
import type { WorkerProcess } from './worker-process.ts';

const INTERVAL_MS = 5000;
/** Unanswered pings after which a worker is reported. */
const SILENT_PINGS = 2;
/** Unanswered pings after which a worker hangs: 30 seconds, longer than any work that blocks an event loop. */
const HUNG_PINGS = 6;

/**
 * Pings a worker until it ends, and kills it if it hangs. Counts pings in place of time, so that none is killed after
 * the whole machine was suspended.
 */
export function watch(worker: WorkerProcess, log: Logger): void {
  const { id, pid } = worker;
  const name = `worker ${id} (pid ${pid})`;
  let unanswered = 0;
  worker.onPong(() => {
    if (unanswered > SILENT_PINGS) log.info(`${name} answers again`);
    unanswered = 0;
  });
  const timer = setInterval(() => {
    if (unanswered === SILENT_PINGS) log.warn(`${name} does not answer`);
    if (unanswered === HUNG_PINGS) {
      log.error(`${name} has not answered ${HUNG_PINGS} pings in 30 seconds and is killed`);
      worker.killHung();
    }
    unanswered += 1;
    worker.ping();
  }, INTERVAL_MS);
  void worker.ended.then(() => clearInterval(timer));
}
