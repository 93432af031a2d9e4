interface Options<T> {
  /** Time that an attempt has before the next one begins beside it. */
  headStartMs: number;
  /** Gets the results of attempts that came too late. */
  dispose(value: T): void;
}

/**
 * Makes attempts until one succeeds, in their order: each begins when the one before it has failed, or is slow.
 *
 * @throws {unknown[]} the errors of all attempts
 */
export function firstFulfilled<T>(
  attempts: (() => Promise<T>)[],
  { headStartMs, dispose }: Options<T>,
): Promise<{ value: T; index: number }> {
  return new Promise((resolve, reject) => {
    const errors: unknown[] = [];
    let begun = 0;
    let failed = 0;
    let done = false;
    let timer: NodeJS.Timeout | undefined;

    const succeed = (value: T, index: number) => {
      if (done) dispose(value);
      done = true;
      clearTimeout(timer);
      resolve({ value, index });
    };
    const fail = (error: unknown, index: number) => {
      errors[index] = error;
      failed += 1;
      if (failed === attempts.length) reject(errors);
      else beginNext();
    };
    const beginNext = () => {
      clearTimeout(timer);
      if (done || begun === attempts.length) return;
      const index = begun++;
      timer = setTimeout(beginNext, headStartMs);
      attempts[index]!().then(
        (value) => succeed(value, index),
        (error) => fail(error, index),
      );
    };
    if (attempts.length === 0) reject(errors);
    beginNext();
  });
}
