import { createWriteStream } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DatabaseConfig } from '../database/database.ts';
import { RESTORING } from '../database/sqlite-file.ts';
import { noteOwner, ownersOf } from '../storage/installation.ts';
import type { Storage } from '../storage/storage.ts';
import { type DumpCommand, loadFrom } from './dump-command.ts';
import type { KeyMember } from './make-backup.ts';
import { keyOf, type Manifest } from './manifest.ts';
import type { Progress } from './progress.ts';
import { readArchive } from './read-archive.ts';

/** The installation that gets the content of an archive. */
export interface Target {
  dataDir: string;
  config: DatabaseConfig;
  storage: Storage;
  keys: KeyMember[];
}

export interface RestoreOptions {
  /** Reads the dump of a server's database. */
  load: DumpCommand;
  /** Throws unless a server's database has the tables of the archive, after it was loaded. */
  checkTables(): Promise<void>;
  progress: Progress;
  signal: AbortSignal;
}

/** Entries of a folder that is a file system of its own. */
const NOT_OURS = ['lost+found'];

/** Returns where the database is put before all is complete. */
const stagedDatabase = ({ dataDir, config }: Target) =>
  config.kind === 'sqlite'
    ? config.location + RESTORING
    : join(dataDir, `database.dump${RESTORING}`);

/**
 * Throws unless nothing is there that a restore would replace. What an earlier restore that was interrupted has left
 * may be there: it is made again.
 */
export async function checkEmpty(target: Target): Promise<void> {
  const { dataDir, config } = target;
  if (config.kind === 'sqlite' && (await exists(config.location))) {
    throw new Error(
      `there is a database already (${config.location}); restore into an empty DATA_DIR`,
    );
  }
  if (await exists(stagedDatabase(target))) return;
  const entries = await readdir(dataDir).catch(ignoreMissing);
  const [found] = (entries ?? []).filter((name) => !NOT_OURS.includes(name));
  if (found === undefined) return;
  throw new Error(`DATA_DIR is not empty (${join(dataDir, found)}); restore into an empty folder`);
}

/**
 * Restores an archive that was verified before. The database gets its name last: until then, no server starts with
 * the files, which belong to its installation.
 */
export async function restoreBackup(
  path: string,
  manifest: Manifest,
  target: Target,
  options: RestoreOptions,
): Promise<void> {
  const { dataDir, config, storage, keys } = target;
  const { load, checkTables, progress, signal } = options;
  const database = stagedDatabase(target);
  if (manifest.files) await checkStorage(storage, manifest, await exists(database));
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await mkdir(dirname(database), { recursive: true, mode: 0o700 });
  await (await open(database, 'w', 0o600)).close();
  await storage.prepare();
  if (manifest.files) await noteOwner(storage, manifest.installation);
  const staged = new Map(keys.map(({ name, store }) => [name as string, store.path + RESTORING]));
  const member = (name: string, body: Readable) => {
    const key = keyOf(name);
    if (key) return putObject(storage, key, body, signal);
    return writeFile(staged.get(name) ?? database, body, signal);
  };
  await readArchive(path, { member, onBytes: progress.add }, signal);
  if (config.kind !== 'sqlite') {
    await loadFrom(database, load, signal);
    // Until then, everything has the names that let the restore be repeated.
    await checkTables();
    await rm(database);
  }
  for (const { name, store } of keys) {
    if (manifest.keys.includes(name)) await rename(store.path + RESTORING, store.path);
  }
  if (config.kind === 'sqlite') await rename(database, config.location);
  await syncFolders(dataDir, dirname(database));
}

/** @throws {Error} if the storage has files, unless an earlier restore of the same installation left them */
async function checkStorage(
  storage: Storage,
  { installation }: Manifest,
  isRepeated: boolean,
): Promise<void> {
  const owners = await ownersOf(storage);
  if (isRepeated && owners.length === 1 && owners[0] === installation) return;
  if (owners.length > 0) throw notEmpty(`installation/${owners[0]}`);
  for await (const { key } of storage.list('images/')) throw notEmpty(key);
}

const notEmpty = (key: string) =>
  new Error(`the storage at STORAGE_URL is not empty (${key}); restore into an empty one`);

async function putObject(storage: Storage, key: string, body: Readable, signal: AbortSignal) {
  const file = join(storage.scratchFolder, 'restored');
  await writeFile(file, body, signal);
  await storage.put(key, { file });
}

async function writeFile(path: string, body: Readable, signal: AbortSignal): Promise<void> {
  await rm(path, { force: true });
  const output = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  await pipeline(body, output, { signal });
}

async function syncFolders(...folders: string[]): Promise<void> {
  for (const folder of folders) {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
