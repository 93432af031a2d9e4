/**
 * Vectors of one repeated value, in memory: a `v128.load` is one instruction, where V8 makes a constant
 * of the text (`i8x16.splat(…)`) anew for each use, with three.
 */
export const ZERO_DIGIT = memory.data(16, 16);
export const NINE_DIGIT = memory.data(16, 16);
export const TEN = memory.data(16, 16);
export const PAIR_WEIGHTS = memory.data(16, 16);
export const FOUR_WEIGHTS = memory.data(16, 16);
export const EIGHT_WEIGHTS = memory.data(16, 16);
export const QUOTE = memory.data(16, 16);
export const BACKSLASH = memory.data(16, 16);
export const SPACE = memory.data(16, 16);
export const OPEN_BRACE = memory.data(16, 16);
export const CLOSE_BRACE = memory.data(16, 16);
export const COMMA = memory.data(16, 16);
export const COLON = memory.data(16, 16);
export const MINUS = memory.data(16, 16);
export const POINT_BYTE = memory.data(16, 16);
export const LAST_CONTROL = memory.data(16, 16);

v128.store(ZERO_DIGIT, i8x16.splat(0x30));
v128.store(NINE_DIGIT, i8x16.splat(0x39));
v128.store(TEN, i8x16.splat(10));
// 10 * first + second digit of each pair, in the upper byte of the product.
v128.store(PAIR_WEIGHTS, i16x8.splat(2561));
v128.store(FOUR_WEIGHTS, i32x4.splat(0x00010064));
v128.store(EIGHT_WEIGHTS, i32x4.splat(0x00012710));
v128.store(QUOTE, i8x16.splat(0x22));
v128.store(BACKSLASH, i8x16.splat(0x5c));
v128.store(SPACE, i8x16.splat(0x20));
v128.store(OPEN_BRACE, i8x16.splat(0x7b));
v128.store(CLOSE_BRACE, i8x16.splat(0x7d));
v128.store(COMMA, i8x16.splat(0x2c));
v128.store(COLON, i8x16.splat(0x3a));
v128.store(MINUS, i8x16.splat(0x2d));
v128.store(POINT_BYTE, i8x16.splat(0x2e));
v128.store(LAST_CONTROL, i8x16.splat(0x1f));

/** Holds at index i the byte i if that is white space, otherwise one that is not i. */
export const WHITE_CONTROLS = memory.data<u8>([1, 0, 0, 0, 0, 0, 0, 0, 0, 9, 10, 0, 0, 13, 0, 0]);
