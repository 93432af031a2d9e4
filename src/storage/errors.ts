import { defineProblem, Problem } from '../problem.ts';

export const storageUnavailable = defineProblem(
  503,
  'storage_unavailable',
  'The storage of files does not answer. Try again after Retry-After seconds.',
);

/** The storage does not answer, or is full. Becomes a 503. */
export class StorageUnavailable extends Problem {
  constructor(cause: unknown) {
    const { status, code, detail } = storageUnavailable;
    super(status, code, detail, { cause, headers: { 'retry-after': '5' } });
  }
}

/** There is no object with that key. */
export class ObjectMissing extends Error {
  override readonly name = 'ObjectMissing';

  constructor(key: string, cause?: unknown) {
    super(`the storage has no object ${key}`, { cause });
  }
}
