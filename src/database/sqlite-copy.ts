import Sqlite from 'better-sqlite3';

/** Pages that are copied in one turn of the event loop: 4 MiB. */
const PAGES_AT_ONCE = 1000;

/**
 * Copies a SQLite database, of one moment, to a new file while other processes go on writing to it. Its transaction
 * only reads, so that nobody waits; they cannot shorten the file `-wal` until it ends.
 */
export async function copySqlite(
  source: string,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const database = new Sqlite(source, { fileMustExist: true });
  try {
    // One snapshot for the whole copy. Without it, SQLite would begin anew after each write of another process.
    database.exec('begin');
    database.prepare('select count(*) from sqlite_schema').get();
    await database.backup(target, {
      progress() {
        signal.throwIfAborted();
        return PAGES_AT_ONCE;
      },
    });
  } finally {
    database.close();
  }
}
