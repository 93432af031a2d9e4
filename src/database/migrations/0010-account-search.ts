import type { Kysely } from 'kysely';
import type { MigrationContext } from '../columns.ts';

interface Tables {
  accounts: { id: string; search_text: string };
}

const BATCH = 500;

const fold = (text: string) => text.toUpperCase().toLowerCase().replaceAll('ς', 'σ');

/** Folds search texts as searches do from now on: `ß` is `ss`, and a final sigma a sigma. */
export async function up({ db }: MigrationContext): Promise<void> {
  const accounts = db as Kysely<Tables>;
  for (let last = ''; ; ) {
    const rows = await accounts
      .selectFrom('accounts')
      .select(['id', 'search_text'])
      .where('id', '>', last)
      .orderBy('id')
      .limit(BATCH)
      .execute();
    for (const { id, search_text } of rows) {
      const folded = fold(search_text);
      if (folded === search_text) continue;
      await accounts
        .updateTable('accounts')
        .set({ search_text: folded })
        .where('id', '=', id)
        .where('search_text', '=', search_text)
        .execute();
    }
    if (rows.length < BATCH) return;
    last = rows.at(-1)!.id;
  }
}
