import { defineProblem } from '../http/problem.ts';

export const idempotencyProblems = {
  inProgress: defineProblem(
    409,
    'idempotency_in_progress',
    'A request with this Idempotency-Key is in progress. Try again.',
    {
      when: 'A request with this `Idempotency-Key` is in progress. Try again.',
      retryAfter: 1,
    },
  ),
  keyReused: defineProblem(
    422,
    'idempotency_key_reused',
    'This Idempotency-Key was used for another request. Use a new key.',
    { when: 'The `Idempotency-Key` was used for another request. Use a new key.' },
  ),
} as const;
