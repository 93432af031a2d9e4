import { setTimeout } from 'node:timers/promises';
import { facts } from '../telemetry.ts';
import { DatabaseUnavailable, isConflict, isNotWritable } from './errors.ts';

const MAX_ATTEMPTS = 10;

/**
 * Runs work that has had no effect when it fails: again after a conflict with another transaction, at most ten times, and
 * once, on a new connection, after a server that accepts no writes any more.
 */
export async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  let moved = false;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (isConflict(error)) {
        if (attempt === MAX_ATTEMPTS) throw new DatabaseUnavailable(error);
        facts.publish({ type: 'transaction_retry' });
        await setTimeout(Math.random() * 10 * attempt);
      } else if (isRefusedWrite(error) && !moved) {
        moved = true;
      } else {
        throw error;
      }
    }
  }
}

const isRefusedWrite = (error: unknown) =>
  error instanceof DatabaseUnavailable && isNotWritable(error.cause);
