const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

/** A signal ended the work, which has been tidied up. The exit code is that of a shell for this signal. */
class Interrupted extends Error {
  readonly exitCode: number;

  constructor(signal: keyof typeof SIGNALS) {
    super('interrupted');
    this.exitCode = 128 + SIGNALS[signal];
  }
}

/** Does work that a signal aborts, so that it can tidy up before the process ends. */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const abort = (signal: keyof typeof SIGNALS) => controller.abort(new Interrupted(signal));
  const signals = Object.keys(SIGNALS) as (keyof typeof SIGNALS)[];
  for (const signal of signals) process.on(signal, abort);
  try {
    return await work(controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    for (const signal of signals) process.off(signal, abort);
  }
}
