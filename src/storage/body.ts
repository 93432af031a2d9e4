import { createHash } from 'node:crypto';
import { pipeline, type Readable, Transform } from 'node:stream';
import { ObjectDamaged, StorageUnavailable } from './errors.ts';

/** Fails a body that sends nothing for `ms`, not counting the time in which it waits for its reader. */
export function withIdleTimeout(body: Readable, ms: number): Readable {
  const passed = new Transform({
    transform(chunk, _encoding, done) {
      timer.refresh();
      done(null, chunk);
    },
  });
  const timer = setTimeout(() => {
    if (passed.writableNeedDrain || body.readableEnded) timer.refresh();
    else passed.destroy(damaged(`nothing more arrived within ${ms} ms`));
  }, ms);
  return pipeline(body, passed, () => clearTimeout(timer));
}

/** The bytes that a stored file must have. */
export interface Expected {
  bytes: number;
  /** Undefined where only a part of the file is read. */
  sha256?: Buffer;
}

/**
 * Verifies the bytes that pass through. Holds the last chunk back until all are checked, so that a damaged file never
 * looks whole to its reader.
 */
export function verifying({ bytes, sha256 }: Expected): Transform {
  const digest = createHash('sha256');
  let passed = 0;
  let last: Buffer | undefined;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passed += chunk.length;
      if (passed > bytes) return done(damaged(`more than its ${bytes} bytes`));
      if (sha256) digest.update(chunk);
      if (last) this.push(last);
      last = chunk;
      done();
    },
    flush(done) {
      if (passed < bytes) return done(damaged(`${passed} of its ${bytes} bytes`));
      if (sha256 && !digest.digest().equals(sha256)) {
        return done(damaged('its SHA-256 is not that of the stored file'));
      }
      done(null, last);
    },
  });
}

function damaged(reason: string): StorageUnavailable {
  return new StorageUnavailable(new ObjectDamaged(`an object is damaged: ${reason}`));
}
