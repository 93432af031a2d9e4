/**
 * The linear memory: the window that chunks are copied into, then blocks whose size is a power of two,
 * each size with a list of the freed ones. A block is zeroed when it is handed out.
 */

/** Most bytes of a chunk that are scanned at a time. */
export const WINDOW_BYTES: usize = 65536;
/**
 * Zeroes before the window (number and UTF-8 scanning read up to 16 bytes back, and must find no part
 * of a sequence there) and space behind it (they read up to 64 bytes ahead).
 */
const BYTES_BEFORE: usize = 64;
const BYTES_BEHIND: usize = 128;

/** Address of the window. Static data lies below `__heap_base`. */
export const WINDOW: usize = ((__heap_base + 63) & ~63) + BYTES_BEFORE;

/** Logarithm of the size of the smallest blocks. */
const SMALLEST_LOG: u32 = 6;
const lists: usize = memory.data(32 * sizeof<usize>(), 8);
let top: usize = WINDOW + WINDOW_BYTES + BYTES_BEHIND;

/** Size of all blocks that are handed out. */
let used: usize = 0;

export function usedBytes(): usize {
  return used;
}

function sizeClass(bytes: usize): u32 {
  const log = 32 - clz<u32>(u32(bytes) - 1);
  return max<u32>(log, SMALLEST_LOG);
}

function extend(bytes: usize): usize {
  const address = top;
  const missing = isize(address + bytes) - (isize(memory.size()) << 16);
  if (missing > 0 && memory.grow(i32((missing + 0xffff) >> 16)) < 0) unreachable();
  top = address + bytes;
  return address;
}

/** Returns the address of at least so many zeroed bytes. Traps when the 4 GiB of a 32-bit memory are used up. */
export function allocate(bytes: usize): usize {
  const log = sizeClass(bytes);
  const list = lists + log * sizeof<usize>();
  let address = load<usize>(list);
  if (address) store<usize>(list, load<usize>(address));
  else address = extend(1 << log);
  used += 1 << log;
  memory.fill(address, 0, 1 << log);
  return address;
}

/** Frees a block of `allocate(bytes)`; `bytes` need only be of the same size class. */
export function release(address: usize, bytes: usize): void {
  const log = sizeClass(bytes);
  const list = lists + log * sizeof<usize>();
  used -= 1 << log;
  store<usize>(address, load<usize>(list));
  store<usize>(list, address);
}
