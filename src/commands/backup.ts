import { existsSync } from 'node:fs';
import { type BackupOptions, makeBackup, type Report } from '../backup/make-backup.ts';
import { MEMBERS } from '../backup/manifest.ts';
import { withOutput } from '../backup/output.ts';
import { countText, createProgress, sizeText } from '../backup/progress.ts';
import { commandLine } from '../command-line.ts';
import { type Config, loadConfig } from '../config.ts';
import { type Database, openDatabase } from '../database/database.ts';
import type { LeaseTables } from '../database/lease.ts';
import { listMigrations } from '../database/migrate.ts';
import { signingKeyStore } from '../features/auth/keys/key-ring.ts';
import { createObjectRepository } from '../features/images/files/object-repository.ts';
import { linkKeyStore } from '../features/images/links/keys.ts';
import { createSweepRepository } from '../features/images/sweep/repository.ts';
import type { ImageTables } from '../features/images/tables.ts';
import { migrations } from '../migrations.ts';
import { checkOwner } from '../storage/installation.ts';
import { openStorage } from '../storage/open-storage.ts';
import type { StorageTables } from '../storage/tables.ts';
import { untilInterrupted } from './interruption.ts';
import {
  callerFolder,
  callerPath,
  fileBeforeCommand,
  runCommand,
  WrongArguments,
} from './run-command.ts';

const USAGE = `Usage: ${commandLine('backup')} [OPTION ...] FILE [-- COMMAND ...]

Writes the database, the stored files and the keys to one archive (tar), while the server runs: all of one
moment. Only its owner can read it. ${commandLine('restore')} puts it into an empty installation.

  FILE             the archive; - is standard output
  COMMAND          dumps the database, where DATABASE_URL names a server, to its standard output, such as
                   pg_dump --format=custom --dbname=tally
                   mariadb-dump --single-transaction tally
  --force          replaces FILE if it exists
  --without-files  leaves out the files at STORAGE_URL, such as where its bucket has backups of its own
  --without-keys   leaves out the keys: who has them can sign tokens
  --help           shows this text

Exit codes: 0, 1 if no archive was written, 2 for wrong arguments, 3 if the archive is complete but for files that
the storage has lost.
`;

const EXIT_MISSING_FILES = 3;

await runCommand({
  usage: USAGE,
  options: {
    force: { type: 'boolean', default: false },
    'without-files': { type: 'boolean', default: false },
    'without-keys': { type: 'boolean', default: false },
  },
  allowPositionals: true,
  work: (values, positionals, command) =>
    untilInterrupted((signal) => {
      const file = fileBeforeCommand(positionals, command);
      const dump = { command, folder: callerFolder() };
      const { force, 'without-files': withoutFiles, 'without-keys': withoutKeys } = values;
      const progress = createProgress('Backed up');
      const options = { dump, withFiles: !withoutFiles, progress, signal };
      return backUp(loadConfig(process.env), file === '-' ? file : callerPath(file), {
        ...options,
        force,
        withKeys: !withoutKeys,
      });
    }),
  explain: ({ message, cause }) =>
    cause instanceof Error && !message.includes(cause.message)
      ? `${message}: ${cause.message}`
      : message,
});

type Options = BackupOptions & { force: boolean; withKeys: boolean };

async function backUp(config: Config, file: string, options: Options): Promise<void> {
  checkDumpCommand(config, options);
  const executed = await executedMigrations(config);
  const database = openDatabase<LeaseTables & StorageTables>(config.database);
  const storage = openStorage(config.storage);
  try {
    await storage.prepare();
    await checkOwner(database.as<StorageTables>(), storage);
    const source = {
      config: config.database,
      database,
      storage,
      migrations: executed,
      keys: options.withKeys ? keyMembers(config) : [],
      objectsIn,
    };
    let report: Report | undefined;
    await withOutput(file, options.force, async (output) => {
      report = await makeBackup(source, output, options);
    });
    options.progress.end();
    describe(file, report!, config, options);
  } finally {
    options.progress.end();
    await storage.close();
    await database.close();
  }
}

function checkDumpCommand({ database: { kind } }: Config, { dump: { command } }: Options): void {
  if (kind === 'sqlite' && command.length > 0) {
    throw new WrongArguments('SQLite needs no COMMAND');
  }
  if (kind === 'sqlite' || command.length > 0) return;
  const [name, example] =
    kind === 'postgres'
      ? ['PostgreSQL', 'pg_dump --format=custom --dbname=NAME']
      : ['MySQL or MariaDB', 'mariadb-dump --single-transaction NAME'];
  throw new WrongArguments(
    `the database is on a server of ${name}: name the command that dumps it, as in ${commandLine('backup')} FILE -- ${example}. ` +
      'The files are read after it, and none is removed meanwhile',
  );
}

async function executedMigrations({ database }: Config): Promise<string[]> {
  if (database.kind === 'sqlite' && !existsSync(database.location)) {
    throw new Error(`there is no database at DATABASE_URL (${database.location})`);
  }
  const states = await listMigrations(database, migrations);
  if (states.some(({ executedAt }) => !executedAt)) {
    throw new Error(
      `the database has the tables of an older version; back up with that version, or run ${commandLine('migrate')} --run`,
    );
  }
  return states.map(({ name }) => name);
}

function keyMembers(config: Config) {
  return [
    { name: MEMBERS.signingKeys, store: signingKeyStore(config) },
    { name: MEMBERS.linkKeys, store: linkKeyStore(config) },
  ];
}

function objectsIn(database: Database<unknown>) {
  const tables = database.as<ImageTables>();
  const { listRemoved } = createSweepRepository(tables);
  return { ...createObjectRepository(tables), listRemoved };
}

function describe(file: string, report: Report, config: Config, options: Options) {
  const { manifest, databaseBytes, missing } = report;
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const { files, keys } = manifest;
  const contents = [
    `the database (${sizeText(databaseBytes)})`,
    files ? `${countText(files.count, 'file')} (${sizeText(files.bytes)})` : 'no files',
    keys.length > 0 ? 'keys' : 'no keys',
  ];
  const name = file === '-' ? 'The archive' : file;
  say(`${name} has ${contents.join(', ')}. Keep it secret.`);
  for (const { name, store } of options.withKeys ? keyMembers(config) : []) {
    if (!keys.includes(name)) say(`It has no ${name}: keep ${store.variable} yourself.`);
  }
  if (missing.length === 0) return;
  for (const key of missing) say(`missing  ${key}`);
  say(`The storage has lost ${countText(missing.length, 'file')}, which the archive lacks.`);
  process.exitCode = EXIT_MISSING_FILES;
}
