/** The hash of a member's name, for the table of `nodes.ts`. */

/** 16 bytes of 0xff, then 16 zeroes: loaded at `+ 16 - n` it selects the first n bytes of a vector. */
export const FIRST_OF_16: usize = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/** Secret numbers of the process, so that nobody can choose names that collide. */
let seed0: u64 = 0x9e3779b97f4a7c15;
let seed1: u64 = 0xd1b54a32d192ed03;

export function seedHash(first: u64, second: u64): void {
  seed0 ^= first;
  seed1 ^= second;
}

/** Returns the product of both numbers, its upper half folded into the lower one. */
function mix(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const low = aLow * bLow;
  const middle = aHigh * bLow + (low >> 32);
  const other = aLow * bHigh + (middle & 0xffffffff);
  return (aHigh * bHigh + (middle >> 32) + (other >> 32)) ^ ((other << 32) | (low & 0xffffffff));
}

// @ts-expect-error: decorator
@inline
function first16(at: usize, bytes: u32): v128 {
  return v128.and(v128.load(at), v128.load(FIRST_OF_16 + 16 - usize(bytes)));
}

/** Returns the hash of a name within the object whose node is `parent`. Reads 15 bytes behind the name. */
export function hashOf(parent: usize, name: usize, bytes: u32): u32 {
  let hash = mix(u64(parent) ^ seed0, u64(bytes) ^ seed1);
  let left = bytes;
  do {
    const part = first16(name, min<u32>(left, 16));
    hash = mix(hash ^ i64x2.extract_lane(part, 0) ^ seed0, i64x2.extract_lane(part, 1) ^ hash ^ seed1);
    name += 16;
    left -= min<u32>(left, 16);
  } while (left);
  return u32(hash) ^ u32(hash >> 32);
}
