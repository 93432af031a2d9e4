import type { Kysely } from 'kysely';
import type { MigrationContext } from '../columns.ts';

interface Tables {
  product_words: { word: string; product_id: string };
}

/** Letters that searches now compare without their variants; in lower case, and without accents. */
const FOLDED: Record<string, string> = {
  ß: 'ss',
  ı: 'i',
  ς: 'σ',
  ᲀ: 'в',
  ᲁ: 'д',
  ᲂ: 'о',
  ᲃ: 'с',
  ᲄ: 'т',
  ᲅ: 'т',
  ᲆ: 'ъ',
  ᲇ: 'ѣ',
  ᲈ: 'ꙋ',
};
const MAX_WORD_LENGTH = 64;

const fold = (word: string) =>
  [...word]
    .map((letter) => FOLDED[letter] ?? letter)
    .join('')
    .slice(0, MAX_WORD_LENGTH);

/** Enters the words of products in the index again that are compared otherwise from now on. */
export async function up({ db }: MigrationContext): Promise<void> {
  const words = db as Kysely<Tables>;
  for (const letter of Object.keys(FOLDED)) {
    const rows = await words
      .selectFrom('product_words')
      .selectAll()
      .where('word', 'like', `%${letter}%`)
      .execute();
    for (const { word, product_id } of rows) {
      const both = [word, fold(word)];
      await words
        .deleteFrom('product_words')
        .where('product_id', '=', product_id)
        .where('word', 'in', both)
        .execute();
      await words.insertInto('product_words').values({ word: both[1]!, product_id }).execute();
    }
  }
}
