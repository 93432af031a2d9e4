import { createHmac, createSecretKey, hash } from 'node:crypto';
import type { DocumentOptions, Total } from './engine/index.ts';

export const DETAILS = ['sum', 'count', 'paths'] as const;

/** A part of the answer that is only given on request. */
export type Detail = (typeof DETAILS)[number];

/** A client's wishes for the answer to a document. */
export interface SumRequest {
  format: NonNullable<DocumentOptions['format']>;
  include: readonly Detail[];
  /** Paths of objects whose members share one path. */
  collapse: readonly string[];
  /** Key of the digests, 16 to 64 bytes; without one they are plain hashes. */
  key: Uint8Array | undefined;
}

/** The request of a client that asks for the digest of a JSON document. */
export const PLAIN_REQUEST: SumRequest = {
  format: 'json',
  include: [],
  collapse: [],
  key: undefined,
};

export function documentOptionsOf({ format, include, collapse }: SumRequest): DocumentOptions {
  return { format, ...(include.includes('paths') && { paths: { collapse } }) };
}

/** Returns the answer to {@link PLAIN_REQUEST}, as JSON. */
export function writeDigest(sum: string): string {
  return `{"sha256":"${hash('sha256', sum)}"}`;
}

/** Returns the answer as JSON: written where the document was read, as that of many paths takes a while. */
export function writeAnswer(total: Total, { include, key }: SumRequest): string {
  const hasSum = include.includes('sum');
  const digestOf = createDigest(key);
  return JSON.stringify({
    ...digestOf(total.sum),
    ...(hasSum && { sum: total.sum }),
    ...(include.includes('count') && { count: total.count }),
    ...(total.paths && {
      paths: total.paths.map(({ path, count, sum }) => ({
        path,
        count,
        ...digestOf(sum),
        ...(hasSum && { sum }),
      })),
    }),
  });
}

function createDigest(key: SumRequest['key']) {
  if (!key) return (sum: string) => ({ sha256: hash('sha256', sum) });
  // Bytes would be made a key again for each digest, which takes several times as long as the digest.
  const secret = createSecretKey(key);
  return (sum: string) => ({
    hmac_sha256: createHmac('sha256', secret).update(sum).digest('hex'),
  });
}
