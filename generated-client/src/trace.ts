import { TallyError } from './errors.js';

/**
 * Replaces the stack of an error of a call by that of the call itself: the error is made after the answer, when the
 * runtime has lost the caller.
 */
export function traceTo(error: unknown, call: Error): unknown {
  const { stack } = call;
  if (error instanceof TallyError && typeof stack === 'string') {
    // V8 and Bun begin a stack with the error, Firefox and Safari with the first line.
    error.stack = stack.replace(/^Error\b.*?\n(?=\s+at )/s, () => `${error}\n`);
  }
  return error;
}
