import { SUM_BYTES } from './accumulators';

/**
 * The record of an open document: everything that survives the end of a chunk. Each constant is the
 * offset of a field from the record's address.
 */

/** The phase of the automaton; see `phases.ts`. u32 */
export const PHASE: usize = 0;
/** 1 while the string under way is a member's name. u32 */
export const IN_NAME: usize = 4;
/** Hexadecimal digits that a `\u` still lacks. u32 */
export const HEX_LEFT: usize = 8;
/** Continuation bytes that a UTF-8 sequence still lacks, and the bounds of the next one. u32 each */
export const UTF8_LEFT: usize = 12;
export const UTF8_LOW: usize = 16;
export const UTF8_HIGH: usize = 20;
/** Number of open brackets. u32 */
export const DEPTH: usize = 24;
/** Address of the spelled word (`true`, …) under way, and the index of its next byte. u32 each */
export const WORD_TEXT: usize = 28;
export const WORD_INDEX: usize = 32;
/** The kinds of the innermost 1 to 64 open brackets: bit 0 is the innermost, 1 means object. u64 */
export const KINDS: usize = 40;
/** The kinds of the brackets further out, 64 to a word: address and capacity in words. u32 each */
export const STACK: usize = 48;
export const STACK_WORDS: usize = 52;
/** Bytes of the document before the window. u64 */
export const CONSUMED: usize = 56;
/** Index of the first byte of the number under way in the document. u64 */
export const NUMBER_START: usize = 64;
/** The number under way: digits so far, those behind the point, |exponent|, signs. u32 each */
export const DIGITS: usize = 72;
export const FRACTION: usize = 76;
export const EXPONENT: usize = 80;
export const NEGATIVE: usize = 84;
export const EXPONENT_NEGATIVE: usize = 88;
/** The digits of the number under way as text: address and capacity. u32 each */
export const TEXT: usize = 92;
export const TEXT_CAPACITY: usize = 96;
/** The state of the paths whose totals are kept, or 0; see `paths.ts`. u32 */
export const PATHS: usize = 100;
/** The bytes between the values of the document; see `format.ts`. u32 */
export const FORMAT: usize = 104;
/** Number of those bytes so far. u64 */
export const SEPARATORS: usize = 112;

/** Space within the record for a shallow stack and a short number. */
export const INLINE_STACK: usize = 128;
export const INLINE_STACK_WORDS: u32 = 8;
export const INLINE_TEXT: usize = 192;
export const INLINE_TEXT_BYTES: u32 = 64;
/** The sum of all numbers, a record of `accumulators.ts`; of a document with paths only once it has ended. */
export const SUM: usize = 256;

export const RECORD_BYTES: usize = SUM + SUM_BYTES;
