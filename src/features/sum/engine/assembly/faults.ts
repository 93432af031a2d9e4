import { CONSUMED, DEPTH, KINDS, NUMBER_START, PHASE } from './document';
import { WINDOW } from './memory';

/** Why a document was refused. The host words the message from the reason, the phase and the byte. */
export const UNEXPECTED_BYTE: u32 = 1;
export const UNEXPECTED_END: u32 = 2;
export const CONTROL_CHARACTER: u32 = 3;
export const INVALID_ESCAPE: u32 = 4;
export const INVALID_UTF8: u32 = 5;
export const TOO_DEEP: u32 = 6;
export const TOO_MANY_DIGITS: u32 = 7;
export const EXPONENT_TOO_LARGE: u32 = 8;

let reason: u32 = 0;
let phase: u32 = 0;
let byte: u32 = 0;
let bracket: u32 = 0;
let offset: f64 = 0;

export function faultReason(): u32 {
  return reason;
}

export function faultPhase(): u32 {
  return phase;
}

export function faultByte(): u32 {
  return byte;
}

/** What the fault stands in: 0 nothing, 1 an array, 2 an object. */
export function faultBracket(): u32 {
  return bracket;
}

/** Counted from the document's first byte; exact up to 2^53. */
export function faultOffset(): f64 {
  return offset;
}

function note(document: usize, why: u32): void {
  reason = why;
  phase = load<u32>(document, PHASE);
  bracket = load<u32>(document, DEPTH) ? u32(load<u64>(document, KINDS) & 1) + 1 : 0;
}

/** Refuses the byte at `at`. Returns 0, the scanners' answer for "refused". */
export function refuseByte(document: usize, at: usize, why: u32): usize {
  note(document, why);
  byte = load<u8>(at);
  offset = f64(load<u64>(document, CONSUMED)) + f64(at - WINDOW);
  return 0;
}

/** Refuses the number under way; its fault is at its first byte. */
export function refuseNumber(document: usize, why: u32): usize {
  note(document, why);
  offset = f64(load<u64>(document, NUMBER_START));
  return 0;
}

/** Refuses the end of the document, which stands at `at`. */
export function refuseEnd(document: usize): usize {
  note(document, UNEXPECTED_END);
  offset = f64(load<u64>(document, CONSUMED));
  return 0;
}
