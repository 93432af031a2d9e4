import { expect, it } from 'vitest';
import { createDumpCheck } from '../../src/backup/dump-check.ts';

const PADDING = '-- comment\n'.repeat(100);
const CREATE = 'CREATE TABLE public.tally_migrations (name text);\n';
const INSERT = 'INSERT INTO `tally_migrations` VALUES (1);\n';
const ENTRY = 'tally_migrations\0\x0a\0\0\0TABLE DATA';

function isPlausible(text: string, size: number): boolean {
  const check = createDumpCheck();
  const bytes = Buffer.from(text, 'latin1');
  for (let start = 0; start < bytes.length; start += size) {
    check.add(bytes.subarray(start, start + size));
  }
  return check.isPlausible();
}

it.each([
  [true, PADDING + CREATE + PADDING + INSERT],
  [true, `${PADDING}${CREATE}COPY public.tally_migrations (name) FROM stdin;\n`],
  [true, `PGDMP${PADDING}${ENTRY}`],
  [true, `toc.dat\0${PADDING}${ENTRY}`],
  [false, PADDING + CREATE],
  [false, PADDING + INSERT],
  [false, `${PADDING}${ENTRY}`],
  [false, `PGDMP${PADDING}${CREATE}${INSERT}`],
  [false, `PGDMP${PADDING}tally_migrations`],
  [false, PADDING + CREATE.replace('tally', 'other') + INSERT],
  [false, 'hi\n'],
  [false, ''],
])('tells (%j) whether a dump has the tables of Tally: %j', (expected, text) => {
  for (const size of [1, 7, 64, 10_000]) expect(isPlausible(text, size)).toBe(expected);
});
