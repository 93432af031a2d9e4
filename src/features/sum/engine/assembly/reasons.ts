/** The reasons for a refusal. `../fault.ts` finds them by name, and words the message. */
export const UNEXPECTED_BYTE: u32 = 1;
export const UNEXPECTED_END: u32 = 2;
export const CONTROL_CHARACTER: u32 = 3;
export const INVALID_ESCAPE: u32 = 4;
export const INVALID_UTF8: u32 = 5;
export const TOO_DEEP: u32 = 6;
export const TOO_MANY_DIGITS: u32 = 7;
export const EXPONENT_TOO_LARGE: u32 = 8;
export const TOO_MANY_PATHS: u32 = 9;
