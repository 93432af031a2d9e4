import { count, type Values } from '../../setting-types.ts';

export const shopVariables = {
  SEARCH_WORDS: count('most different words of a search for products', 10, 1, 100),
  SEARCH_READS: count(
    'most entries of the index of words that a search reads: 10,000 products of one word, 1,819 of ten',
    20_000,
    100,
    1e9,
  ),
};

export const toShopSettings = (env: Values<typeof shopVariables>) => ({
  search: { words: env.SEARCH_WORDS, reads: env.SEARCH_READS },
});
