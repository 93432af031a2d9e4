import { describe, expect, it } from 'vitest';
import { searchWords } from '../../../../src/features/shop/products/search-words.ts';

describe('the words of a text', () => {
  it.each([
    ['Espresso machine, 15-bar', ['espresso', 'machine', '15', 'bar']],
    ['Café CAFÉ cafe\u0301', ['cafe']],
    ['Straße, ﬁne №5', ['strasse', 'fine', 'no5']],
    ['ΣΟΦΟΣ σοφός Σοφοσ', ['σοφοσ']],
    ['STRASSE Straße STRAẞE', ['strasse']],
    ['電子レンジ 500W', ['電', '子', 'レ', 'ン', 'シ', '500w']],
    ['!? \u0000 \ud800 --', []],
    [`${'𝒳'.repeat(80)}`, ['x'.repeat(64)]],
  ])('are found in %j', (text, words) => {
    expect(searchWords(text)).toEqual(words);
  });
});
