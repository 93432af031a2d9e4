import { DEPTH, IN_NAME, KINDS, PHASE } from './document';
import { isAtTop, top } from './format';
import { AFTER_VALUE, AFTER_NAME, ELEMENT_OR_CLOSE, ESCAPE, NAME, NAME_OR_CLOSE, STRING, VALUE } from './phases';

/**
 * The state that crosses the end of a block, while the scanner is among blocks. Each constant is the address
 * of a u64. The fields for the next token are 0 or 1, for bit 0 of the next block.
 */
const FIELDS: usize = 12;
const carry = memory.data(96, 16);
const snapshot = memory.data(96, 16);

/** All ones within a string. */
export const IN_STRING = carry;
/** 1 if the last byte is a backslash that escapes the next. */
export const ESCAPED = carry + 8;
/** 1 if the last block had bytes outside ASCII. */
export const HIGH = carry + 16;
/** 1 if the string under way is a name. */
export const IN_NAME_BIT = carry + 24;
/** 1 if the last byte is part of a number or word. */
export const IN_SCALAR = carry + 32;
/** The next token must be a name or `}` … */
export const NAME_NEXT = carry + 40;
/** … a value or `]` … */
export const VALUE_NEXT = carry + 48;
/** … but no closing bracket, if this is set too … */
export const NO_CLOSE = carry + 56;
/** … a colon … */
export const COLON_NEXT = carry + 64;
/** … or a comma or a closing bracket. None is set within a string or scalar. */
export const AFTER_NEXT = carry + 72;
/** The depth and the kinds of the brackets, as in the record. */
export const LEVEL = carry + 80;
export const LEVEL_KINDS = carry + 88;

// @ts-expect-error: decorator
@inline
function copyFields(to: usize, from: usize): void {
  for (let i: usize = 0; i < FIELDS * 8; i += 16) v128.store(to + i, v128.load(from + i));
}

/** The phase at which the carry was saved. */
export let savedPhase: u32 = 0;

export function saveCarry(): void {
  copyFields(snapshot, carry);
  savedPhase = carriedPhase();
}

export function restoreCarry(): void {
  copyFields(carry, snapshot);
}

/** Sets the fields from the record, whose phase must be clean. */
export function enterBlocks(document: usize): void {
  const phase = load<u32>(document, PHASE);
  const inString = phase == STRING;
  store<u64>(IN_STRING, inString ? -1 : 0);
  store<u64>(ESCAPED, 0);
  store<u64>(HIGH, 0);
  store<u64>(IN_NAME_BIT, inString ? u64(load<u32>(document, IN_NAME)) : 0);
  store<u64>(IN_SCALAR, 0);
  store<u64>(NAME_NEXT, u64(phase == NAME || phase == NAME_OR_CLOSE));
  store<u64>(VALUE_NEXT, u64(phase == VALUE || phase == ELEMENT_OR_CLOSE));
  // Between values at the top, a separator may come first; no bracket can be closed there anyway.
  store<u64>(NO_CLOSE, u64((phase == VALUE && !(top && isAtTop(document))) || phase == NAME));
  store<u64>(COLON_NEXT, u64(phase == AFTER_NAME));
  store<u64>(AFTER_NEXT, u64(phase == AFTER_VALUE));
  store<u64>(LEVEL, u64(load<u32>(document, DEPTH)));
  store<u64>(LEVEL_KINDS, load<u64>(document, KINDS));
}

function carriedPhase(): u32 {
  if (load<u64>(IN_STRING)) return load<u64>(ESCAPED) ? ESCAPE : STRING;
  if (load<u64>(NAME_NEXT)) return load<u64>(NO_CLOSE) ? NAME : NAME_OR_CLOSE;
  if (load<u64>(VALUE_NEXT)) return load<u64>(NO_CLOSE) || load<u64>(LEVEL) == top ? VALUE : ELEMENT_OR_CLOSE;
  return load<u64>(COLON_NEXT) ? AFTER_NAME : AFTER_VALUE;
}

/** Stores the fields in the record. */
export function leaveBlocks(document: usize): void {
  store<u32>(document, carriedPhase(), PHASE);
  store<u32>(document, u32(load<u64>(IN_NAME_BIT)), IN_NAME);
  store<u32>(document, u32(load<u64>(LEVEL)), DEPTH);
  store<u64>(document, load<u64>(LEVEL_KINDS), KINDS);
}
