import { withoutLetterVariants } from '../../../letter-variants.ts';

const MAX_WORD_LENGTH = 64;

/** In scripts without spaces between words, each character is a word. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[[\p{L}\p{N}]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]]+/gv;

/** Returns the different words of a text, regardless of case, accents and punctuation. */
export function searchWords(text: string): string[] {
  const withoutMarks = text.normalize('NFKD').replace(/\p{M}/gu, '');
  const words = withoutLetterVariants(withoutMarks).match(WORD) ?? [];
  return [...new Set(words.map((word) => [...word].slice(0, MAX_WORD_LENGTH).join('')))];
}

/** Returns the bounds of the words that begin with a prefix: from `first`, and before `end`. */
export function prefixRange(prefix: string): { first: string; end: string } {
  // No text contains the last code point of Unicode, which is no character.
  return { first: prefix, end: `${prefix}\u{10ffff}` };
}
