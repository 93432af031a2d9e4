/** Reads the names of members: their ends, and what their escapes stand for. */

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;

/** Returns the first quote or backslash at or behind `at`. */
export function plainEnd(at: usize): usize {
  const quote = i8x16.splat(0x22);
  const backslash = i8x16.splat(0x5c);
  while (true) {
    const bytes = v128.load(at);
    const found = i8x16.bitmask(v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash)));
    if (found) return at + usize(ctz(found));
    at += 16;
  }
}

/** Returns the closing quote of the name that `at` is within. */
export function nameEnd(at: usize): usize {
  at = plainEnd(at);
  while (load<u8>(at) == BACKSLASH) at = plainEnd(at + 2);
  return at;
}

/**
 * Writes the characters of the name at `from`, up to its closing quote, to `to`, which may be the same place. A half of a
 * surrogate pair is written like any character of three bytes. Returns the number of bytes.
 */
export function unescape(from: usize, to: usize): u32 {
  const start = to;
  while (true) {
    const byte: u32 = load<u8>(from);
    if (byte == QUOTE) return u32(to - start);
    if (byte != BACKSLASH) {
      store<u8>(to++, byte);
      from++;
      continue;
    }
    const letter: u32 = load<u8>(from + 1);
    if (letter == 0x75) {
      const code = hexadecimal(from + 2);
      from += 6;
      const low = code - 0xd800 < 0x400 && load<u16>(from) == 0x755c ? hexadecimal(from + 2) - 0xdc00 : 0x400;
      if (low < 0x400) from += 6;
      to = encode(low < 0x400 ? 0x10000 + ((code - 0xd800) << 10) + low : code, to);
    } else {
      store<u8>(to++, unescaped(letter));
      from += 2;
    }
  }
}

/** Returns the value of four hexadecimal digits. */
function hexadecimal(at: usize): u32 {
  let value: u32 = 0;
  for (let i: usize = 0; i < 4; i++) {
    const byte: u32 = load<u8>(at + i);
    value = (value << 4) | ((byte & 15) + (byte > 0x39 ? 9 : 0));
  }
  return value;
}

function unescaped(letter: u32): u32 {
  if (letter == 0x62) return 0x08;
  if (letter == 0x66) return 0x0c;
  if (letter == 0x6e) return 0x0a;
  if (letter == 0x72) return 0x0d;
  if (letter == 0x74) return 0x09;
  return letter;
}

/** Writes a code point as UTF-8; returns the address behind it. */
function encode(code: u32, to: usize): usize {
  if (code < 0x80) {
    store<u8>(to, code);
    return to + 1;
  }
  if (code < 0x800) {
    store<u8>(to, 0xc0 | (code >> 6));
    store<u8>(to + 1, 0x80 | (code & 63));
    return to + 2;
  }
  if (code < 0x10000) {
    store<u8>(to, 0xe0 | (code >> 12));
    store<u8>(to + 1, 0x80 | ((code >> 6) & 63));
    store<u8>(to + 2, 0x80 | (code & 63));
    return to + 3;
  }
  store<u8>(to, 0xf0 | (code >> 18));
  store<u8>(to + 1, 0x80 | ((code >> 12) & 63));
  store<u8>(to + 2, 0x80 | ((code >> 6) & 63));
  store<u8>(to + 3, 0x80 | (code & 63));
  return to + 4;
}
