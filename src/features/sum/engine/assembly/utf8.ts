/**
 * UTF-8 validity of whole vectors after Keiser and Lemire, "Validating UTF-8 In Less Than One
 * Instruction Per Byte" (2021): each pair of neighbouring bytes is looked up by the nibbles of the
 * first and the high nibble of the second; a bit that all three tables have set is a fault.
 *
 * The bits: 1 lead without continuation, 2 continuation without lead, 4 overlong of three bytes,
 * 8 above U+10FFFF, 16 surrogate, 32 overlong of two bytes, 64 overlong of four bytes or a lead above
 * F4, 128 two continuations (right or wrong, depending on the bytes before).
 */
const FIRST_HIGH = memory.data<u8>([
  2, 2, 2, 2, 2, 2, 2, 2, 128, 128, 128, 128, 33, 1, 21, 73,
]);
const FIRST_LOW = memory.data<u8>([
  231, 163, 131, 131, 139, 203, 203, 203, 203, 203, 203, 203, 203, 219, 203, 203,
]);
const SECOND_HIGH = memory.data<u8>([1, 1, 1, 1, 1, 1, 1, 1, 230, 174, 186, 186, 1, 1, 1, 1]);
const LOW_NIBBLE = memory.data(16, 16);
const BELOW_E0 = memory.data(16, 16);
const BELOW_F0 = memory.data(16, 16);
const TOP_BIT = memory.data(16, 16);
v128.store(LOW_NIBBLE, i8x16.splat(0x0f));
v128.store(BELOW_E0, i8x16.splat(0x60));
v128.store(BELOW_F0, i8x16.splat(0x70));
v128.store(TOP_BIT, i8x16.splat(-128));

// @ts-expect-error: decorator
@inline
function faults(at: usize): v128 {
  const bytes = v128.load(at);
  const previous = v128.load(at - 1);
  const low = v128.load(LOW_NIBBLE);
  const firstHigh = i8x16.swizzle(
    v128.load(FIRST_HIGH),
    v128.and(i16x8.shr_u(previous, 4), low),
  );
  const firstLow = i8x16.swizzle(v128.load(FIRST_LOW), v128.and(previous, low));
  const secondHigh = i8x16.swizzle(v128.load(SECOND_HIGH), v128.and(i16x8.shr_u(bytes, 4), low));
  const pair = v128.and(v128.and(firstHigh, firstLow), secondHigh);
  // Saturation leaves the top bit only behind E0.. two bytes back and F0.. three bytes back.
  const third = i8x16.sub_sat_u(v128.load(at - 2), v128.load(BELOW_E0));
  const fourth = i8x16.sub_sat_u(v128.load(at - 3), v128.load(BELOW_F0));
  return v128.xor(pair, v128.and(v128.or(third, fourth), v128.load(TOP_BIT)));
}

/** Returns zero if the 64 bytes at `at` continue well-formed UTF-8, which may end within a sequence. */
export function utf8Faults(at: usize): v128 {
  const first = v128.or(faults(at), faults(at + 16));
  const second = v128.or(faults(at + 32), faults(at + 48));
  return v128.or(first, second);
}

/**
 * Returns the start of the sequence that the text before `at` ends within, or `at` if it ends with a whole
 * character. A lead byte that no sequence can begin with counts, as it has not been refused yet: the
 * tables see it with the byte behind it.
 */
export function sequenceStart(at: usize): usize {
  for (let back: u32 = 1; back <= 3; back++) {
    const byte: u32 = load<u8>(at - back);
    if (byte < 0x80) return at;
    if (byte < 0xc0) continue;
    const length: u32 = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? at - back : at;
  }
  return at;
}
