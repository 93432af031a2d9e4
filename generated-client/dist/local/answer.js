import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { createTurns } from './turns.js';
/** Returns the members that were asked for, in the order of the server's answer. */
export async function answerOf(total, request) {
    const { include } = request;
    return {
        ...describeSum(total, request),
        ...(include.has('count') && { count: total.count }),
        ...(total.paths && { paths: await describePaths(total.paths, request) }),
    };
}
/** Lets the event loop run in between: the digests of many paths take a while. */
async function describePaths(totals, request) {
    const turns = createTurns();
    const described = [];
    for (const total of totals) {
        described.push({ path: total.path, count: total.count, ...describeSum(total, request) });
        if (!turns.isOver())
            continue;
        await turns.next();
        request.signal?.throwIfAborted();
    }
    return described;
}
/** Returns the digest of a sum, which Web Crypto cannot make in pages without TLS, and the sum if it was asked for. */
function describeSum({ sum }, { include, key }) {
    const text = utf8ToBytes(sum);
    const digest = key
        ? { hmac_sha256: bytesToHex(hmac(sha256, key, text)) }
        : { sha256: bytesToHex(sha256(text)) };
    return { ...digest, ...(include.has('sum') && { sum }) };
}
