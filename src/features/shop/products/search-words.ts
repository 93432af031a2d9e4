import { withoutLetterVariants } from '../../../letter-variants.ts';

const MAX_WORD_LENGTH = 64;

/** In scripts without spaces between words, each character stands for itself. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[[\p{L}\p{N}]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]]+/gv;

/** The different words of a text, regardless of case, accents and punctuation. */
export function wordsOf(text: string): string[] {
  const bare = text.normalize('NFKD').replace(/\p{M}/gu, '');
  const words = withoutLetterVariants(bare).match(WORD) ?? [];
  return [...new Set(words.map((word) => [...word].slice(0, MAX_WORD_LENGTH).join('')))];
}

/** The words that begin with one: from `first`, and before `end`. */
export function rangeOf(word: string): { first: string; end: string } {
  // No text contains the last code point of Unicode, which is no character.
  return { first: word, end: `${word}\u{10ffff}` };
}
