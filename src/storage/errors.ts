import { defineProblem, Problem } from '../http/problem.ts';

export const storageUnavailable = defineProblem(
  503,
  'storage_unavailable',
  'The storage of files does not answer. Try again after Retry-After seconds.',
  {
    when: 'The disk is full, or S3 does not answer. Try again after `Retry-After` seconds.',
    retryAfter: 5,
  },
);

/** The storage does not answer, is full, cannot be written, or returned damaged bytes. Becomes a 503. */
export class StorageUnavailable extends Problem {
  constructor(cause: unknown) {
    const { status, code, detail, retryAfter = 5 } = storageUnavailable;
    super(status, code, detail, { cause, retryAfter });
  }
}

export function throwUnavailable(error: unknown): never {
  throw error instanceof StorageUnavailable ? error : new StorageUnavailable(error);
}

/** The storage named by STORAGE_URL is not one that Tally can start with; `message` says why. */
export class StorageUnusable extends Error {
  override readonly name = 'StorageUnusable';

  constructor(reason: string, cause?: unknown) {
    super(`the storage at STORAGE_URL cannot be used: ${reason}`, { cause });
  }
}

/** There is no object with that key. */
export class ObjectMissing extends Error {
  override readonly name = 'ObjectMissing';

  constructor(key: string, cause?: unknown) {
    super(`the storage has no object ${key}`, { cause });
  }
}

/** The storage returned other bytes than those that were stored. */
export class ObjectDamaged extends Error {
  override readonly name = 'ObjectDamaged';
}
