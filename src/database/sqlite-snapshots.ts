import type { CompiledQuery, QueryResult } from 'kysely';
import { timed } from '../telemetry.ts';
import { retryingWhileBusy, type SqliteFile } from './sqlite-file.ts';
import type { SqliteTransaction } from './sqlite-transaction.ts';

/** Runs snapshots one after the other, on a connection of their own. */
export class SqliteSnapshots {
  readonly #file: SqliteFile;
  readonly #waiting: (() => void)[] = [];
  #isBusy = false;

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  async enter(): Promise<SqliteTransaction> {
    await timed({ kind: 'connection', name: 'acquire' }, () => this.#turn());
    const snapshot = new Snapshot(this.#file, () => this.#leave());
    try {
      await retryingWhileBusy(() => this.#file.exec('begin'));
    } catch (error) {
      snapshot.discard();
      throw error;
    }
    return snapshot;
  }

  async #turn(): Promise<void> {
    if (this.#isBusy) return new Promise((resume) => this.#waiting.push(resume));
    this.#isBusy = true;
  }

  #leave(): void {
    const resume = this.#waiting.shift();
    if (resume) resume();
    else this.#isBusy = false;
  }
}

class Snapshot implements SqliteTransaction {
  readonly #file: SqliteFile;
  readonly #leave: () => void;
  #hasEnded = false;

  constructor(file: SqliteFile, leave: () => void) {
    this.#file = file;
    this.#leave = leave;
  }

  run<R>(query: CompiledQuery): QueryResult<R> {
    if (this.#hasEnded) throw new Error('the snapshot has ended');
    return this.#file.run(query);
  }

  async commit(): Promise<void> {
    await this.rollback();
  }

  async rollback(): Promise<void> {
    this.#end(() => {
      if (this.#file.inTransaction) this.#file.exec('rollback');
    });
  }

  discard(): void {
    this.#end(() => this.#file.close());
  }

  #end(how: () => void): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    try {
      how();
    } catch {
      this.#file.close();
    } finally {
      this.#leave();
    }
  }
}
