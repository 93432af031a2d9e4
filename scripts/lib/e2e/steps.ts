import { AssertionError, deepStrictEqual } from 'node:assert';
import { inspect } from 'node:util';
import { ApiError, TallyError } from '../../../generated-client/dist/index.js';

export interface Run {
  /** Runs a step, and prints its name and duration. Its error ends the run. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Says that steps are left out. */
  skip(names: string, reason: string): void;
  /** Registers what removes something that was made; the last is removed first. */
  onEnd(remove: () => Promise<unknown>): void;
  /** Removes everything, and prints the number of steps. */
  end(): Promise<void>;
}

export function createRun(): Run {
  const removals: (() => Promise<unknown>)[] = [];
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const begun = performance.now();
  const print = (word: string, name: string, rest: string) =>
    process.stdout.write(`${word.padEnd(5)} ${name.padEnd(66)} ${rest}\n`);

  async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const duration = () => `${(performance.now() - start).toFixed(0).padStart(6)} ms`;
    try {
      const result = await work();
      counts.passed++;
      print('ok', name, duration());
      return result;
    } catch (error) {
      counts.failed++;
      print('FAIL', name, duration());
      throw new Error(`${name}: ${describe(error)}`, { cause: error });
    }
  }

  return {
    step: timed,
    skip(names, reason) {
      counts.skipped++;
      print('skip', names, reason);
    },
    onEnd: (remove) => void removals.push(remove),
    async end() {
      if (removals.length > 0) {
        const all = async () => {
          const failures: unknown[] = [];
          for (const remove of removals.reverse())
            await remove().catch((error: unknown) => failures.push(error));
          if (failures.length > 0) throw failures[0];
        };
        await timed('removes everything that it made', all);
      }
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      const { passed, failed, skipped } = counts;
      process.stdout.write(
        `e2e: ${passed} steps passed, ${failed} failed, ${skipped} skipped, in ${seconds} s\n`,
      );
    },
  };
}

/** Shows a difference as what was expected and what came. */
function describe(error: unknown): string {
  if (error instanceof AssertionError) {
    const { expected, actual, message } = error;
    return `${message.split('\n')[0]}\n  expected ${show(expected)}\n  got      ${show(actual)}`;
  }
  if (error instanceof ApiError) return `${error.message}\n  got ${show(error.problem)}`;
  return error instanceof TallyError ? error.message : inspect(error);
}

const show = (value: unknown) =>
  inspect(value, { depth: 6, breakLength: 110 }).replaceAll('\n', '\n           ');

/** Returns all entries of a list. */
export async function collect<T>(list: AsyncIterable<T>): Promise<T[]> {
  const entries: T[] = [];
  for await (const entry of list) entries.push(entry);
  return entries;
}

/** Waits for a call that has to fail with this status and code. */
export async function expectProblem(
  call: Promise<unknown>,
  status: number,
  code: string,
): Promise<ApiError> {
  const error = await call.then(
    (value) => value,
    (reason: unknown) => reason,
  );
  const got = error instanceof ApiError ? { status: error.status, code: error.code } : error;
  deepStrictEqual(got, { status, code }, 'another answer than this problem');
  return error as ApiError;
}
