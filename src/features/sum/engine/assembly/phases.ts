/**
 * The phases of the automaton, each named after the bytes that it expects or the one that it has just read.
 * Up to STRING they are "clean": between two tokens, or between two characters of a string. The block scanner
 * starts and stops in clean phases only. `../fault.ts` finds them by name.
 */
export const VALUE: u32 = 0;
export const ELEMENT_OR_CLOSE: u32 = 1;
export const NAME_OR_CLOSE: u32 = 2;
export const NAME: u32 = 3;
export const AFTER_NAME: u32 = 4;
export const AFTER_VALUE: u32 = 5;
export const STRING: u32 = 6;

export const CONTINUATION: u32 = 7;
export const ESCAPE: u32 = 8;
export const HEX: u32 = 9;
export const FIRST_DIGIT: u32 = 10;
export const ZERO: u32 = 11;
export const INTEGER: u32 = 12;
export const POINT: u32 = 13;
export const FRACTION_DIGITS: u32 = 14;
export const EXPONENT_MARK: u32 = 15;
export const EXPONENT_SIGN: u32 = 16;
export const EXPONENT_DIGITS: u32 = 17;
export const WORD: u32 = 18;
/** Before the document's first byte, and after the first and the second byte of a byte-order mark. */
export const START: u32 = 19;
export const ORDER_MARK_1: u32 = 20;
export const ORDER_MARK_2: u32 = 21;
/** Behind a number or word that ends a record of a sequence, and may have been cut off. */
export const AFTER_SCALAR: u32 = 22;
