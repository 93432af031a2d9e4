import { ESCAPED } from './carry';
import { isEscape, isHex } from './text';

/** Returns true if the escape whose backslash is at `at` is one of RFC 8259 section 7. Reads 5 bytes ahead. */
function isEscapeAt(at: usize): bool {
  const byte: u32 = load<u8>(at + 1);
  if (!isEscape(byte)) return false;
  if (byte != 0x75) return true;
  for (let digit = at + 2; digit < at + 6; digit++) if (!isHex(load<u8>(digit))) return false;
  return true;
}

/** True if an escape of this run is bad. */
export let badEscape: bool = false;

export function beginEscapes(): void {
  badEscape = false;
}

/**
 * Returns the mask of the escaped bytes of the block at `at`, given that of its backslashes and, in `before`,
 * bit 0 if the last block escapes it; stores the same for the next block. Every escape is checked here, so
 * that strings are not visited again.
 */
export function escapedBytes(at: usize, backslashes: u64, before: u64): u64 {
  let escaped = before;
  let carried: u64 = 0;
  let left = backslashes & ~escaped;
  while (left) {
    const lowest = left & -left;
    if (!isEscapeAt(at + usize(ctz(left)))) badEscape = true;
    escaped |= lowest << 1;
    carried = lowest >> 63;
    left &= ~(lowest | (lowest << 1));
  }
  store<u64>(ESCAPED, carried);
  return escaped;
}
