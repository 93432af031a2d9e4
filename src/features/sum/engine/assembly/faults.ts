import { CONSUMED, FORMAT, KINDS, NUMBER_START, PHASE, SEPARATORS } from './document';
import { isAtTop } from './format';
import { WINDOW } from './memory';

let reason: u32 = 0;
let phase: u32 = 0;
let byte: u32 = 0;
let bracket: u32 = 0;
let offset: f64 = 0;
let separators: f64 = 0;

export function faultReason(): u32 {
  return reason;
}

export function faultPhase(): u32 {
  return phase;
}

export function faultByte(): u32 {
  return byte;
}

/** The bracket around the fault: 1 an array's, 2 an object's; without one 0, in lines 3, in a sequence 4. */
export function faultBracket(): u32 {
  return bracket;
}

/** Index of a byte in the document; exact up to 2^53. */
export function faultOffset(): f64 {
  return offset;
}

/** Number of separators before the fault; exact up to 2^53. */
export function faultSeparators(): f64 {
  return separators;
}

function noteFault(document: usize, why: u32): void {
  reason = why;
  phase = load<u32>(document, PHASE);
  const format = load<u32>(document, FORMAT);
  bracket = isAtTop(document) ? (format ? format + 2 : 0) : u32(load<u64>(document, KINDS) & 1) + 1;
  separators = f64(load<u64>(document, SEPARATORS));
}

/** Refuses the byte at `at`. Returns 0, the scanners' answer for "refused". */
export function refuseByte(document: usize, at: usize, why: u32): usize {
  noteFault(document, why);
  byte = load<u8>(at);
  offset = f64(load<u64>(document, CONSUMED)) + f64(at - WINDOW);
  return 0;
}

/** Refuses the number under way, at its first byte. Returns 0. */
export function refuseNumber(document: usize, why: u32): usize {
  noteFault(document, why);
  offset = f64(load<u64>(document, NUMBER_START));
  return 0;
}

/** Refuses the document at its end. Returns 0. */
export function refuseEnd(document: usize, why: u32): usize {
  noteFault(document, why);
  offset = f64(load<u64>(document, CONSUMED));
  return 0;
}
