import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Total } from '../generated/engine/index.js';
import type { LocalRequest } from './options.js';

/** The digest of a sum's canonical text, in 64 lower-case hexadecimal digits: one of the two members. */
interface Digest {
  /** SHA-256, without a key. */
  sha256?: string;
  /** HMAC-SHA-256 (RFC 2104), with a key. */
  hmac_sha256?: string;
}

/** The answer to a document, as of `POST /sum`. */
export interface SumDetails extends Digest {
  /**
   * The sum's canonical text: an optional `-`, an integer part without leading zeros and, only where needed, `.` and a
   * fraction without trailing zeros. If `include` has `sum`.
   */
  sum?: string;
  /** Number of the numbers that were added. If `include` has `count`. */
  count?: number;
  /** Totals by path, sorted by the UTF-8 bytes of the paths. If `include` has `paths`. */
  paths?: PathDetails[];
}

/** The total of all numbers at one path. */
export interface PathDetails extends Digest {
  /** A JSONPath (RFC 9535) in which every index is `[*]`: `$.orders[*].price`. */
  path: string;
  count: number;
  /** If `include` has `sum`. */
  sum?: string;
}

/** Returns the members that were asked for, in the order of the server's answer. */
export function answerOf(total: Total, { include, key }: LocalRequest): SumDetails {
  // Web Crypto has no digests in pages without TLS.
  const digestOf = (sum: string): Digest => {
    const text = utf8ToBytes(sum);
    return key
      ? { hmac_sha256: bytesToHex(hmac(sha256, key, text)) }
      : { sha256: bytesToHex(sha256(text)) };
  };
  const sumOf = ({ sum }: { sum: string }) => include.has('sum') && { sum };
  return {
    ...digestOf(total.sum),
    ...sumOf(total),
    ...(include.has('count') && { count: total.count }),
    ...(total.paths && {
      paths: total.paths.map((entry) => ({
        path: entry.path,
        count: entry.count,
        ...digestOf(entry.sum),
        ...sumOf(entry),
      })),
    }),
  };
}
