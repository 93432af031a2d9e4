import { setTimeout } from 'node:timers/promises';
import { commandLine } from '../command-line.ts';
import { type Config, loadConfig } from '../config.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { listMigrations } from '../database/migrate.ts';
import { createAccountDirectory } from '../features/accounts/directory/repository.ts';
import type { AccountTables } from '../features/accounts/tables.ts';
import { createFileRepository } from '../features/images/files/repository.ts';
import { createImageRepository } from '../features/images/images/repository.ts';
import {
  findOrphans,
  findUnreachableImages,
  type Orphans,
  removeOrphans,
} from '../features/images/sweep/garbage.ts';
import {
  createSweepRepository,
  type SweepRepository,
} from '../features/images/sweep/repository.ts';
import type { ImageTables } from '../features/images/tables.ts';
import { migrations } from '../migrations.ts';
import { HOUR_MS } from '../setting-types.ts';
import { checkOwner } from '../storage/installation.ts';
import { openStorage } from '../storage/open-storage.ts';
import {
  findAbandoned,
  findOlder,
  HEARTBEAT_TIMEOUT_MS,
  listScratch,
  removeScratch,
} from '../storage/scratch.ts';
import type { Storage } from '../storage/storage.ts';
import type { StorageTables } from '../storage/tables.ts';
import { runCommand } from './run-command.ts';

const USAGE = `Usage: ${commandLine('collect-garbage')} [--run] [--older-than HOURS]

Shows the files in the storage at STORAGE_URL that nothing in the database refers to: what a server that
was killed has left behind, and the images of accounts that were deleted. A running server removes them by
itself (SWEEP_INTERVAL); this is for when none runs, or to see what there is.

  --run               removes them.
  --older-than HOURS  keeps files younger than this by the clock of the storage: their upload may be in
                      progress (default: 24). Use 0 only while no server runs.
  --help              shows this text.
`;

const BACKUP_RUNS =
  'a backup is running, and needs every file in place; try again when it has ended';

await runCommand({
  usage: USAGE,
  options: {
    run: { type: 'boolean', default: false },
    'older-than': { type: 'string', default: '24' },
  },
  work: ({ run, 'older-than': hours }) => collect(loadConfig(process.env), run, readHours(hours)),
  explain: ({ message, cause }) =>
    cause instanceof Error && !message.includes(cause.message)
      ? `${message}: ${cause.message}`
      : message,
});

function readHours(text: string): number {
  const hours = text.trim() === '' ? Number.NaN : Number(text);
  if (hours >= 0 && Number.isFinite(hours)) return hours;
  throw new Error('--older-than needs a number of hours');
}

async function collect(config: Config, run: boolean, hours: number): Promise<void> {
  // Before anything is compared with tables of another form.
  await listMigrations(config.database, migrations);
  const storage = openStorage(config.storage);
  const database = openDatabase<ImageTables>(config.database);
  try {
    await storage.prepare();
    await checkOwner(database.as<StorageTables>(), storage);
    await collectFrom(database, storage, { run, hours });
  } finally {
    await storage.close();
    await database.close();
  }
}

async function collectFrom(
  database: Database<ImageTables>,
  storage: Storage,
  { run, hours }: { run: boolean; hours: number },
): Promise<void> {
  const rows = createSweepRepository(database);
  const files = createFileRepository(database);
  const { findDeleted } = createAccountDirectory(database.as<AccountTables>());
  const scratch = await findScratch(storage, hours);
  const images = await findUnreachableImages(rows, findDeleted);
  const orphans = await findOrphans({ files, storage }, hours * HOUR_MS);
  const objects = [...new Set([...(await listRemoved(rows)), ...orphans.keys])].toSorted();

  for (const key of objects) process.stdout.write(`object  ${key}\n`);
  for (const path of scratch) process.stdout.write(`scratch ${path}\n`);
  for (const id of images) process.stdout.write(`image   ${id}\n`);
  if (run) {
    await removeScratch(scratch);
    const repository = createImageRepository(database);
    for (const id of images) await repository.delete(id);
    const removed = await listRemoved(rows);
    if (await rows.areRemovalsHeld()) throw new Error(BACKUP_RUNS);
    for (const key of removed) {
      await storage.remove(key);
      await rows.forgetRemoved(key);
    }
    await removeOrphans({ files, storage, rows }, orphans.keys);
  }
  const total = objects.length + scratch.length + images.length;
  process.stderr.write(`${total} ${run ? 'removed' : 'found; --run removes them'}\n`);
  reportForeign(orphans);
}

function listRemoved(rows: SweepRepository): Promise<string[]> {
  return rows.listRemoved('', Number.MAX_SAFE_INTEGER);
}

async function findScratch({ scratchFolder }: Storage, hours: number): Promise<string[]> {
  const before = await listScratch(scratchFolder);
  const old = await findOlder(hours * HOUR_MS, before, scratchFolder);
  if (old.length === 0) return [];
  // The modification time alone proves nothing: a living process with a wrong clock may have set it.
  await setTimeout(HEARTBEAT_TIMEOUT_MS);
  const unchanged = new Set(findAbandoned(before, await listScratch(scratchFolder)));
  return old.filter((path) => unchanged.has(path));
}

function reportForeign({ foreign, foreignCount }: Orphans): void {
  if (foreignCount === 0) return;
  const names = foreign.map((key) => `  ${JSON.stringify(key)}\n`).join('');
  const more = foreignCount > foreign.length ? `  and ${foreignCount - foreign.length} more\n` : '';
  process.stderr.write(
    `${foreignCount} files were not made by Tally, and are left alone:\n${names}${more}`,
  );
}
