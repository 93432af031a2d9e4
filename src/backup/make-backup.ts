import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { type Database, type DatabaseConfig, openDatabase } from '../database/database.ts';
import type { LeaseTables } from '../database/lease.ts';
import { copySqlite } from '../database/sqlite-copy.ts';
import { type KeyStore, readKeyFile } from '../key-file.ts';
import { installationId } from '../storage/installation.ts';
import { holdRemovals } from '../storage/removal-hold.ts';
import type { Storage } from '../storage/storage.ts';
import type { StorageTables } from '../storage/tables.ts';
import { version } from '../version.ts';
import { addFiles, type ObjectLists } from './add-files.ts';
import { countRows } from './count-rows.ts';
import { type DumpCommand, dumpTo } from './dump-command.ts';
import { databaseMember, type Manifest, MEMBERS, newManifest } from './manifest.ts';
import type { Progress } from './progress.ts';
import { type ArchiveWriter, createArchiveWriter } from './write-archive.ts';

/** A key file, and the member that it becomes. */
export interface KeyMember {
  name: Manifest['keys'][number];
  store: KeyStore;
}

/** The installation that is backed up. */
export interface Source {
  config: DatabaseConfig;
  database: Database<LeaseTables & StorageTables>;
  storage: Storage;
  /** Names of the migrations that its database has run. */
  migrations: string[];
  keys: KeyMember[];
  /** Returns the lists of objects in a database. */
  objectsIn(database: Database<unknown>): ObjectLists;
}

export interface BackupOptions {
  /** Dumps the database of a server. */
  dump: DumpCommand;
  withFiles: boolean;
  progress: Progress;
  signal: AbortSignal;
}

/** The content of an archive, and what is missing in it. */
export interface Report {
  manifest: Manifest;
  databaseBytes: number;
  /** Keys of objects that the database has and the storage lacks. */
  missing: string[];
}

/**
 * Writes an archive of an installation, whose servers may run. The copy of the database comes first, then the files that
 * it refers to: while it is made and they are read, no process removes a file. Keys come last, so that they include
 * whatever signed something in the copy.
 */
export async function makeBackup(
  source: Source,
  output: Writable,
  options: BackupOptions,
): Promise<Report> {
  const hold = await holdRemovals(source.database.as<LeaseTables>());
  try {
    const created = new Date();
    const copy = join(source.storage.scratchFolder, 'database');
    await copyDatabase(source, copy, options);
    const writer = createArchiveWriter(output, {
      created,
      signal: options.signal,
      onBytes: options.progress.add,
    });
    const report = await addAll(source, writer, { ...options, created, copy });
    hold.confirm();
    await writer.finish();
    return report;
  } finally {
    await hold.release();
  }
}

function copyDatabase({ config }: Source, copy: string, { dump, signal }: BackupOptions) {
  if (config.kind === 'sqlite') return copySqlite(config.location, copy, signal);
  return dumpTo(copy, dump, signal);
}

type Work = BackupOptions & { created: Date; copy: string };

async function addAll(source: Source, writer: ArchiveWriter, work: Work): Promise<Report> {
  const { config, storage } = source;
  const { copy, withFiles, progress } = work;
  const isSqlite = config.kind === 'sqlite';
  const copied = isSqlite ? openDatabase<unknown>({ ...config, location: copy }) : undefined;
  try {
    const database = copied ?? source.database.as<unknown>();
    const objects = source.objectsIn(database);
    const keys = readKeys(source);
    const { size: databaseBytes } = await stat(copy);
    const files = withFiles ? await objects.total() : null;
    progress.expect(databaseBytes + (files?.bytes ?? 0));
    const manifest = newManifest({
      version,
      created: work.created.toISOString(),
      database: config.kind,
      migrations: source.migrations,
      installation: await installationId(database.as<StorageTables>()),
      ...(copied && { rows: await countRows(copied) }),
      files,
      keys: keys.map(({ name }) => name),
    });
    await writer.addText(MEMBERS.manifest, `${JSON.stringify(manifest, null, 2)}\n`);
    await writer.add(databaseMember(manifest), databaseBytes, createReadStream(copy));
    for (const { name, text } of keys) await writer.addText(name, text);
    const missing = files
      ? await addFiles(writer, { objects, storage, withRemoved: !isSqlite })
      : [];
    return { manifest, databaseBytes, missing };
  } finally {
    await copied?.close();
  }
}

function readKeys({ keys }: Source) {
  return keys.flatMap(({ name, store }) => {
    const stored = store.value ? undefined : readKeyFile<object>(store.path);
    return stored ? [{ name, text: `${JSON.stringify(stored, null, 2)}\n` }] : [];
  });
}
