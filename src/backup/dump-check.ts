/** The table that every database of Tally has, and that has rows in all of them. */
const TABLE = 'tally_migrations';

/** Formats of pg_dump that are no text: custom, and tar. */
const BINARY = /^(PGDMP|toc\.dat\0)/;
/** Entry of the table's rows in their table of contents: two strings, each behind its length. */
const ENTRY = new RegExp(`${TABLE}[^]{5,9}TABLE DATA`);

const NAME = `(?:\\S+\\.)?["\`]?${TABLE}["\`]?\\s`;
const CREATION = new RegExp(`CREATE TABLE (?:IF NOT EXISTS )?${NAME}`, 'i');
const ROWS = new RegExp(`(?:COPY|(?:INSERT|REPLACE)[A-Z ]* INTO) ${NAME}`, 'i');

/** Longer than what any of the patterns matches. */
const OVERLAP = 300;

/** Looks for Tally's tables in the dump of a server's database, chunk by chunk. */
export function createDumpCheck() {
  let text = '';
  let missing: RegExp[] | undefined;
  return {
    add(chunk: Buffer): void {
      text += chunk.toString('latin1');
      if (!missing && text.length < OVERLAP) return;
      missing ??= BINARY.test(text) ? [ENTRY] : [CREATION, ROWS];
      missing = missing.filter((pattern) => !pattern.test(text));
      text = text.slice(-OVERLAP);
    },
    isPlausible: (): boolean => missing?.length === 0,
  };
}
