import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';

it('SQLite leaves nothing in its file of what was changed or removed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tally-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const location = join(folder, 'tally.db');
  const { db, close } = openDatabase({ kind: 'sqlite', location, poolSize: 1, timeout: 0 });
  await sql`create table people (id integer primary key, name text, note text)`.execute(db);
  await sql`insert into people values (1, 'Zebediah', ${'x'.repeat(100)}), (2, 'Quuxington', 'y')`.execute(
    db,
  );
  await sql`update people set name = '' where id = 1`.execute(db);
  await sql`delete from people where id = 2`.execute(db);
  await close();
  const bytes = await readFile(location, 'latin1');
  expect(bytes).toContain('people');
  expect(bytes).not.toContain('Zebediah');
  expect(bytes).not.toContain('Quuxington');
});
