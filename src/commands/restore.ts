import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { createDumpCheck } from '../backup/dump-check.ts';
import type { DumpCommand } from '../backup/dump-command.ts';
import { ArchiveUnusable } from '../backup/errors.ts';
import { databaseMember, type Manifest, MEMBERS } from '../backup/manifest.ts';
import { countText, createProgress, type Progress, sizeText } from '../backup/progress.ts';
import { readArchive } from '../backup/read-archive.ts';
import { checkEmpty, restoreBackup, type Target } from '../backup/restore-backup.ts';
import { commandLine } from '../command-line.ts';
import { type Config, loadConfig } from '../config.ts';
import { listMigrations } from '../database/migrate.ts';
import { signingKeyStore } from '../features/auth/keys/key-ring.ts';
import { linkKeyStore } from '../features/images/links/keys.ts';
import { migrations } from '../migrations.ts';
import { openStorage } from '../storage/open-storage.ts';
import { version } from '../version.ts';
import { untilInterrupted } from './interruption.ts';
import {
  callerFolder,
  callerPath,
  fileBeforeCommand,
  runCommand,
  WrongArguments,
} from './run-command.ts';

const USAGE = `Usage: ${commandLine('restore')} [--check] FILE [-- COMMAND ...]

Puts an archive of ${commandLine('backup')} into an empty DATA_DIR, and its files into the empty storage at STORAGE_URL.
Verifies all of the archive before it writes anything. The next start of the server runs the migrations that are
missing, if the archive is of an older version.

  FILE     the archive, which is read twice
  COMMAND  reads the dump of a database from its standard input, where DATABASE_URL names a server, such as
           pg_restore --no-owner --exit-on-error --dbname=tally
           mariadb tally
  --check  verifies the archive, and changes nothing
  --help   shows this text

Exit codes: 0, 1 if the archive was refused or not all of it was restored, 2 for wrong arguments, 3 if all is
restored, or verified, but the archive lacks files that the storage had lost.
`;

const EXIT_MISSING_FILES = 3;

await runCommand({
  usage: USAGE,
  options: { check: { type: 'boolean', default: false } },
  allowPositionals: true,
  work: ({ check }, positionals, command) =>
    untilInterrupted((signal) => {
      const file = fileBeforeCommand(positionals, command);
      if (file === '-') throw new WrongArguments('an archive is read twice: save it to a file');
      const progress = createProgress(check ? 'Verified' : 'Verified and restored');
      const config = check ? undefined : loadConfig(process.env);
      const load = { command, folder: callerFolder() };
      return restore(callerPath(file), config, { load, progress, signal }).finally(progress.end);
    }),
  explain: ({ message, cause }) =>
    cause instanceof Error && !message.includes(cause.message)
      ? `${message}: ${cause.message}`
      : message,
});

/** @param config undefined where the archive is only verified */
async function restore(file: string, config: Config | undefined, options: Verification) {
  checkFile(file);
  const target = config && targetOf(config);
  try {
    if (target) await checkEmpty(target);
    const { manifest, missingFiles } = await verify(file, config, options);
    reportMissing(missingFiles);
    if (!target) return describe(file, manifest);
    const tables = () => checkTables(target, manifest);
    await restoreBackup(file, manifest, target, { ...options, checkTables: tables });
    if (manifest.database === 'sqlite') await tables();
    describe(file, manifest, target);
    reportKeys(target, manifest);
  } finally {
    await target?.storage.close();
  }
}

function checkFile(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw new Error(`there is no file ${file}`);
  if (!found.isFile()) throw new Error(`${file} is not a file`);
}

function targetOf(config: Config): Target {
  return {
    dataDir: config.dataDir,
    config: config.database,
    storage: openStorage(config.storage),
    keys: [
      { name: MEMBERS.signingKeys, store: signingKeyStore(config) },
      { name: MEMBERS.linkKeys, store: linkKeyStore(config) },
    ],
  };
}

interface Verification {
  load: DumpCommand;
  progress: Progress;
  signal: AbortSignal;
}

async function verify(file: string, config: Config | undefined, options: Verification) {
  const { progress, signal } = options;
  const manifest = async (found: Manifest) => {
    const unknown = found.migrations.find((name) => !Object.hasOwn(migrations, name));
    if (unknown) {
      throw new ArchiveUnusable(
        `a newer version of Tally made it (${found.version}; this is ${version}, which does not know ${unknown}); use that version`,
      );
    }
    if (config) await checkDatabase(config, found, options);
  };
  const dump = createDumpCheck();
  const member = async (name: string, body: Readable) => {
    for await (const chunk of body) if (name === MEMBERS.dump) dump.add(chunk);
  };
  const read = await readArchive(file, { manifest, member, onBytes: progress.add }, signal);
  if (databaseMember(read.manifest) === MEMBERS.dump && !dump.isPlausible()) {
    throw new ArchiveUnusable("its dump of the database has none of Tally's tables");
  }
  return read;
}

/** Compares the database of an archive with the one that gets it, which must be empty. */
async function checkDatabase(
  { database }: Config,
  { database: kind }: Manifest,
  { load: { command } }: Verification,
): Promise<void> {
  if (kind !== database.kind) {
    throw new ArchiveUnusable(`its database is ${kind}, and that of DATABASE_URL ${database.kind}`);
  }
  if (kind === 'sqlite') {
    if (command.length > 0) throw new WrongArguments('SQLite needs no COMMAND');
    return;
  }
  if (command.length === 0) {
    const example = kind === 'postgres' ? 'pg_restore --no-owner --dbname=NAME' : 'mariadb NAME';
    throw new WrongArguments(
      `the archive has a dump of ${kind}: name the command that reads it, as in ${commandLine('restore')} FILE -- ${example}`,
    );
  }
  const states = await listMigrations(database, migrations);
  if (states.some(({ executedAt }) => executedAt)) {
    throw new Error('the database at DATABASE_URL has tables already; restore into an empty one');
  }
}

/** Checks that a database has the tables of the archive. */
async function checkTables({ config }: Target, manifest: Manifest): Promise<void> {
  const states = await listMigrations(config, migrations);
  const executed = states.filter(({ executedAt }) => executedAt).map(({ name }) => name);
  if (executed.join() !== manifest.migrations.join()) {
    throw new Error(
      'the database at DATABASE_URL has not got the tables of the archive; empty it, and repeat with the command that reads the dump',
    );
  }
}

function reportMissing(count: number): void {
  if (count === 0) return;
  process.stderr.write(
    `The archive lacks ${countText(count, 'file')}, which the storage had lost.\n`,
  );
  process.exitCode = EXIT_MISSING_FILES;
}

function describe(file: string, manifest: Manifest, target?: Target): void {
  const { version: madeBy, created, database, rows, files } = manifest;
  const contents = [
    database,
    ...(rows
      ? [countText(rows.accounts ?? 0, 'account'), countText(rows.orders ?? 0, 'order')]
      : []),
    files ? `${countText(files.count, 'file')} (${sizeText(files.bytes)})` : 'no files',
  ];
  process.stdout.write(`Tally ${madeBy}, ${created}: ${contents.join(', ')}\n`);
  const done = target ? `Restored ${file} into ${resolve(target.dataDir)}` : `Verified ${file}`;
  process.stdout.write(`${done}\n`);
}

function reportKeys({ keys }: Target, manifest: Manifest): void {
  for (const { name, store } of keys) {
    if (manifest.keys.includes(name) && !store.value) continue;
    const advice = store.value
      ? `${store.variable} is set, so that the keys of the archive are not used`
      : `the archive has no ${name}: set ${store.variable}, or put the file back as ${store.path}, before you start the server`;
    process.stderr.write(`${advice}\n`);
  }
}
