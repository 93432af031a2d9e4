import { NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { StorageUnavailable } from './errors.ts';

export interface S3Config {
  bucket: string;
  /** Stands before each key: empty, or with a slash at its end. */
  prefix: string;
  region: string;
  /** Another server than Amazon's. Buckets are part of the path there. */
  endpoint?: string;
  /** Without them: those that the AWS tools would find, in the environment or from the machine's role. */
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

export interface S3Limits {
  /** Most connections for reading, and as many for writing. */
  connections: number;
  /** Longest time in which S3 sends or takes nothing, in milliseconds. */
  timeout: number;
}

const CONNECT_TIMEOUT = 5000;
/** The client warns on the console about requests that wait for a connection; their deadline is enough. */
const NEVER = 2 ** 31 - 1;
/** Whoever asked logs what went wrong; the client would write to the console besides. */
const ignore = () => undefined;
const SILENT = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

export function createClient(
  { region, endpoint, credentials }: S3Config,
  { connections, timeout }: S3Limits,
  socketTimeout: number,
): S3Client {
  const agent = { keepAlive: true, maxSockets: connections };
  return new S3Client({
    region,
    logger: SILENT,
    ...(endpoint && { endpoint, forcePathStyle: true }),
    // A copy: the client writes into it, and the configuration is frozen.
    ...(credentials && { credentials: { ...credentials } }),
    // The newer checksums are Amazon's own; other servers do not know them. SigV4 covers the bytes.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // It would open connections of its own, beyond the limit.
    expectContinueHeader: false,
    requestHandler: {
      connectionTimeout: Math.min(CONNECT_TIMEOUT, timeout),
      socketTimeout,
      socketAcquisitionWarningTimeout: NEVER,
      httpAgent: agent,
      httpsAgent: agent,
    },
  });
}

/** Runs one request, its wait for a connection and its repetitions within `ms`. */
export async function withDeadline<T>(
  ms: number,
  run: (options: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  // The signal of AbortSignal.timeout would end the body, too, which has a deadline of its own.
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

export function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

/** Whether S3 says that there is no object with that key. */
export function isMissing(error: unknown): boolean {
  return error instanceof NoSuchKey;
}

/** Says what keeps a bucket from being used, and shows no secret. */
export function explain(error: unknown, { bucket, endpoint }: S3Config): string {
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
