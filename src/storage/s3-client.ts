import { NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { StorageUnavailable } from './errors.ts';
import type { S3Address } from './s3-url.ts';

export interface S3Config extends S3Address {
  /** Most connections for reading, and as many for writing. */
  connections: number;
  /** Longest time in which S3 may send or take nothing, in milliseconds. */
  timeout: number;
  /** Folder for temporary files. */
  scratchFolder: string;
}

const CONNECT_TIMEOUT_MS = 5000;
/** Turns off the client's warnings about requests that wait for a connection: they have a deadline. */
const NEVER_MS = 2 ** 31 - 1;
/** Callers log what went wrong; the client would also write to the console. */
const ignore = () => undefined;
const SILENT = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

/** @param socketTimeout in milliseconds; 0 is none */
export function createClient(
  { region, endpoint, credentials, connections, timeout }: S3Config,
  socketTimeout: number,
): S3Client {
  const agent = { keepAlive: true, maxSockets: connections };
  return new S3Client({
    region,
    logger: SILENT,
    ...(endpoint && { endpoint, forcePathStyle: true }),
    // A copy: the client writes into it, and the configuration is frozen.
    ...(credentials && { credentials: { ...credentials } }),
    // The newer checksums are Amazon's own, and unknown to other servers. SigV4 covers the bytes.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // It would open connections of its own, beyond the limit.
    expectContinueHeader: false,
    requestHandler: {
      connectionTimeout: Math.min(CONNECT_TIMEOUT_MS, timeout),
      socketTimeout,
      socketAcquisitionWarningTimeout: NEVER_MS,
      httpAgent: agent,
      httpsAgent: agent,
    },
  });
}

/** Runs one request within `ms`, including its wait for a connection and its retries. */
export async function withDeadline<T>(
  ms: number,
  run: (options: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  // AbortSignal.timeout would also abort the body, which has a deadline of its own.
  const timer = setTimeout(() => controller.abort(), ms);
  try {
    return await run({ abortSignal: controller.signal });
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    throw new StorageUnavailable(new Error(`S3 did not answer within ${ms} ms`, { cause: error }));
  } finally {
    clearTimeout(timer);
  }
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

/** Tells whether S3 has no object with that key. */
export function isMissing(error: unknown): boolean {
  return error instanceof NoSuchKey;
}

/** Explains why a bucket cannot be used, without showing a secret. */
export function explain(error: unknown, { bucket, endpoint }: S3Address): string {
  const { name, message, code } = error as NodeJS.ErrnoException;
  switch (statusOf(error)) {
    case 403:
      return `S3 refuses the key or the secret, or they may not use the bucket "${bucket}" (403)`;
    case 404:
      return `there is no bucket "${bucket}" (404)`;
    case 301:
      return `the bucket "${bucket}" is in another region (301)`;
    case undefined:
      if (name === 'CredentialsProviderError') return `no key and secret: ${message}`;
      return `${endpoint ?? 'S3'} does not answer: ${message || code}`;
    default:
      return `S3 answers ${statusOf(error)} for the bucket "${bucket}"`;
  }
}
