/** Signals that tell a process to end; with workers, SIGHUP replaces these instead. */
export const END_SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGQUIT'];

/** Calls `first` with the first of these signals, and `second` with each after it. */
export function onSignals(
  signals: readonly NodeJS.Signals[],
  first: (signal: NodeJS.Signals) => void,
  second: (signal: NodeJS.Signals) => void,
): void {
  let handle = first;
  for (const signal of signals) {
    process.on(signal, () => {
      const current = handle;
      handle = second;
      current(signal);
    });
  }
}
