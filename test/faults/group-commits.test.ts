import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';
import { databaseForTest, sqlite } from '../helpers/databases.ts';
import { missingPrograms, needing } from '../helpers/needs.ts';
import { root } from '../helpers/process.ts';

/** Kills of each test; the more, the more moments are struck. */
const { FAULTS_KILLS = '5' } = process.env;
const KILLS = Number(FAULTS_KILLS);
const TIMEOUT = 120_000 + KILLS * 5000;

const open = (location: string) =>
  openDatabase<{ entries: { id: number } }>({ kind: 'sqlite', location, poolSize: 1, timeout: 0 });

async function emptyTable(): Promise<string> {
  const { location } = await databaseForTest(sqlite);
  const { db, close } = open(location);
  await sql`create table entries (id integer primary key, note text)`.execute(db);
  await close();
  return location;
}

/** Lets a program write, kills it soon after it has printed something, and returns the ids that it printed. */
async function killWhileWriting(location: string, first: number, environment = {}) {
  const program = join(root, 'test/fixtures/entry-writer.ts');
  const child = spawn(process.execPath, [program, location, String(first)], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.once('readable', () => {
    setTimeout(() => child.kill('SIGKILL'), Math.random() * 100);
  });
  const lines = (await text(child.stdout)).split('\n');
  // The last line may be cut off.
  return lines.slice(0, -1).map(Number);
}

async function idsIn(location: string): Promise<Set<number>> {
  const { db, close } = open(location);
  const rows = await db.selectFrom('entries').select('id').execute();
  await close();
  return new Set(rows.map(({ id }) => id));
}

/** Returns the ids that were acknowledged and are not stored, after a number of kills. */
async function lostEntries(location: string, environment = {}, afterKill = async () => {}) {
  const acknowledged: number[] = [];
  let stored = new Set<number>();
  for (let kill = 0; kill < KILLS; kill++) {
    const printed = await killWhileWriting(location, kill * 1_000_000, environment);
    expect(printed.length).toBeGreaterThan(0);
    acknowledged.push(...printed);
    await afterKill();
    stored = await idsIn(location);
  }
  return acknowledged.filter((id) => !stored.has(id));
}

it('kill -9 loses no transaction that has shared a commit', { timeout: TIMEOUT }, async () => {
  expect(await lostEntries(await emptyTable())).toEqual([]);
});

const gcc = missingPrograms('/usr/bin/gcc');
const title = 'a power failure loses no transaction that has shared a commit';

it.skipIf(gcc !== undefined)(needing(title, gcc), { timeout: TIMEOUT }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tally-flushes-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const library = join(folder, 'unflushed-writes.so');
  const source = join(root, 'test/helpers/unflushed-writes.c');
  execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl']);
  const location = await emptyTable();
  /** Leaves of each file only what was flushed. */
  const loseUnflushed = async () => {
    await rm(`${location}-shm`, { force: true });
    for (const path of [location, `${location}-wal`]) {
      if (existsSync(`${path}.flushed`)) await rename(`${path}.flushed`, path);
    }
  };
  expect(await lostEntries(location, { LD_PRELOAD: library }, loseUnflushed)).toEqual([]);
});
