// Copied from src/features/sum/engine by scripts/generate-client. Do not edit: change the original, and run it again.
/**
 * UTF-8 that can also hold halves of surrogate pairs, each as three bytes ("WTF-8"): JSON allows them in names, as `\\ud800`.
 */
const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const PLAIN = new TextEncoder();
export function decodeWtf8(bytes) {
    try {
        return STRICT.decode(bytes);
    }
    catch {
        return decodeHalves(bytes);
    }
}
/** The halves are the sequences ED A0 80 to ED BF BF; what stands between them is UTF-8. */
function decodeHalves(bytes) {
    let text = '';
    let start = 0;
    for (let at = bytes.indexOf(0xed); at >= 0; at = bytes.indexOf(0xed, at + 1)) {
        const second = bytes[at + 1];
        if (second < 0xa0)
            continue;
        text += STRICT.decode(bytes.subarray(start, at));
        text += String.fromCharCode(0xd000 | ((second & 63) << 6) | (bytes[at + 2] & 63));
        start = at + 3;
    }
    return text + STRICT.decode(bytes.subarray(start));
}
export function encodeWtf8(text) {
    if (!/[\ud800-\udfff]/u.test(text))
        return PLAIN.encode(text);
    return Uint8Array.from([...text].flatMap(encodeCharacter));
}
function encodeCharacter(character) {
    const code = character.codePointAt(0);
    if (code < 0xd800 || code > 0xdfff)
        return [...PLAIN.encode(character)];
    return [0xed, 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
}
