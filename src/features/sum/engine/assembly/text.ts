import { HEX_LEFT, IN_NAME, PHASE, UTF8_HIGH, UTF8_LEFT, UTF8_LOW } from './document';
import { refuseByte } from './faults';
import { AFTER_VALUE, AFTER_NAME, CONTINUATION, ESCAPE, HEX, STRING } from './phases';
import { CONTROL_CHARACTER, INVALID_ESCAPE, INVALID_UTF8 } from './reasons';

/** Reads the inside of strings, byte by byte. */

/** Scans characters up to the closing quote, `end`, or the first that needs a phase of its own. */
export function stringBytes(document: usize, at: usize, end: usize): usize {
  while (at < end) {
    const byte: u32 = load<u8>(at);
    if (byte == 0x22) {
      store<u32>(document, load<u32>(document, IN_NAME) ? AFTER_NAME : AFTER_VALUE, PHASE);
      return at + 1;
    }
    if (byte == 0x5c) {
      store<u32>(document, ESCAPE, PHASE);
      return at + 1;
    }
    if (byte < 0x20) return refuseByte(document, at, CONTROL_CHARACTER);
    if (byte >= 0x80) return leadByte(document, at, byte);
    at++;
  }
  return at;
}

/** Well-formed sequences are those of table 3-7 of the Unicode Standard. */
function leadByte(document: usize, at: usize, byte: u32): usize {
  if (byte < 0xc2 || byte > 0xf4) return refuseByte(document, at, INVALID_UTF8);
  const left: u32 = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
  expectContinuation(document, byte, left);
  store<u32>(document, CONTINUATION, PHASE);
  return at + 1;
}

/** Sets the number of continuation bytes to come, and the bounds of the first after `lead`. */
function expectContinuation(document: usize, lead: u32, left: u32): void {
  store<u32>(document, left, UTF8_LEFT);
  store<u32>(document, lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80, UTF8_LOW);
  store<u32>(document, lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf, UTF8_HIGH);
}

export function continuationByte(document: usize, at: usize): usize {
  const byte: u32 = load<u8>(at);
  if (byte < load<u32>(document, UTF8_LOW) || byte > load<u32>(document, UTF8_HIGH)) {
    return refuseByte(document, at, INVALID_UTF8);
  }
  const left = load<u32>(document, UTF8_LEFT) - 1;
  expectContinuation(document, 0, left);
  if (!left) store<u32>(document, STRING, PHASE);
  return at + 1;
}

/** Returns true if `byte` may follow a backslash. */
// @ts-expect-error: decorator
@inline
export function isEscape(byte: u32): bool {
  return (
    byte == 0x22 ||
    byte == 0x2f ||
    byte == 0x5c ||
    byte == 0x62 ||
    byte == 0x66 ||
    byte == 0x6e ||
    byte == 0x72 ||
    byte == 0x74 ||
    byte == 0x75
  );
}

// @ts-expect-error: decorator
@inline
export function isHex(byte: u32): bool {
  return byte - 0x30 < 10 || (byte | 0x20) - 0x61 < 6;
}

export function escapeByte(document: usize, at: usize): usize {
  const byte: u32 = load<u8>(at);
  if (!isEscape(byte)) return refuseByte(document, at, INVALID_ESCAPE);
  if (byte == 0x75) store<u32>(document, 4, HEX_LEFT);
  store<u32>(document, byte == 0x75 ? HEX : STRING, PHASE);
  return at + 1;
}

export function hexByte(document: usize, at: usize): usize {
  if (!isHex(load<u8>(at))) return refuseByte(document, at, INVALID_ESCAPE);
  const left = load<u32>(document, HEX_LEFT) - 1;
  store<u32>(document, left, HEX_LEFT);
  if (!left) store<u32>(document, STRING, PHASE);
  return at + 1;
}
