import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Total } from '../generated/engine/index.js';
import type { SumDetails } from '../generated/models/SumDetails.js';
import type { LocalRequest } from './options.js';

/** Returns the members that were asked for, in the order of the server's answer. */
export function answerOf(total: Total, { include, key }: LocalRequest): SumDetails {
  // Web Crypto has no digests in pages without TLS.
  const digestOf = (sum: string) => {
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
