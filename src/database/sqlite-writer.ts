import { setImmediate } from 'node:timers/promises';
import type { CompiledQuery, QueryResult } from 'kysely';
import { timed } from '../telemetry.ts';
import { DatabaseUnavailable, SharedCommitFailed, TransactionExpelled } from './errors.ts';
import { BUSY_TIMEOUT_MS, isBusy, retryingWhileBusy, type SqliteFile } from './sqlite-file.ts';
import type { SqliteTransaction } from './sqlite-transaction.ts';

/** Most transactions that share a commit. */
const MAX_GROUP = 64;
/** Time after which no further transaction joins a group, in milliseconds. */
const MAX_GROUP_MS = 3;
/** Time after which the transaction that runs is undone, if others have ended and wait for the commit, in milliseconds. */
const MAX_COMPANY_MS = 20;

/**
 * Lets transactions share commits, because a commit waits for the disk. Those that are waiting run one after the other,
 * each in a savepoint, so that one that fails is undone alone; then one commit ends them all, and only now do they
 * succeed. One that fails behind others may have seen their changes: its error counts once these are committed, and else it
 * runs again. A transaction that is alone commits at once. The way here: `Database.transaction`, `inTransaction`, `acquireFor` of
 * the guarded driver and of {@link SqliteDriver}, `enter`.
 *
 * Between two groups the event loop turns, and other processes can write.
 */
export class SqliteWriter {
  readonly #file: SqliteFile;
  readonly #waiting: Unit[] = [];
  #group: Group | undefined;
  #work: Promise<void> | undefined;

  constructor(file: SqliteFile) {
    this.#file = file;
  }

  get isBusy(): boolean {
    return this.#group !== undefined;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Waits for the turn of a new transaction.
   *
   * @param alone true if it may take long, so that no other may wait for the same commit
   */
  async enter(alone: boolean): Promise<SqliteTransaction> {
    const unit = new Unit(alone);
    this.#waiting.push(unit);
    this.#work ??= this.#runGroups();
    await timed({ kind: 'connection', name: 'acquire' }, () => unit.turn.promise);
    return unit;
  }

  /** Waits until no transaction runs or waits. */
  async idle(): Promise<void> {
    await this.#work;
  }

  async #runGroups(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#runGroup();
      await setImmediate();
    }
    this.#work = undefined;
  }

  /** Refuses those who have waited too long for another process, or all if the error is another one. */
  #refuse(error: unknown): void {
    if (!isBusy(error)) this.#file.close();
    const latest = isBusy(error) ? performance.now() - BUSY_TIMEOUT_MS : Number.POSITIVE_INFINITY;
    while (this.#waiting[0] && this.#waiting[0].since <= latest) {
      this.#waiting.shift()!.turn.reject(error);
    }
  }

  async #runGroup(): Promise<void> {
    try {
      await retryingWhileBusy(() => this.#file.exec('begin immediate'), this.#waiting[0]!.since);
    } catch (error) {
      this.#refuse(error);
      return;
    }
    const group = new Group(this.#file);
    this.#group = group;
    const closing = performance.now() + MAX_GROUP_MS;
    const timer = setTimeout(() => group.expel(), MAX_COMPANY_MS);
    do {
      await group.run(this.#waiting.shift()!);
    } while (this.#waiting[0] && group.admits(this.#waiting[0]) && performance.now() < closing);
    clearTimeout(timer);
    await group.commit();
    this.#group = undefined;
  }
}

/** Transactions that share a commit. */
class Group {
  readonly file: SqliteFile;
  /** Those that have ended well, and wait for the commit. */
  readonly members: Unit[] = [];
  /** Settles with the commit. */
  readonly outcome = Promise.withResolvers<void>();
  #running: Unit | undefined;

  constructor(file: SqliteFile) {
    this.file = file;
    // Nobody may wait for it.
    this.outcome.promise.catch(() => undefined);
  }

  admits({ alone }: Unit): boolean {
    const { length } = this.members;
    const isFirstAlone = length === 1 && this.members[0]!.alone;
    return !alone && !isFirstAlone && length > 0 && length < MAX_GROUP && this.file.inTransaction;
  }

  /** Runs a transaction to its end. The first needs no savepoint: everything is undone with it. */
  async run(unit: Unit): Promise<void> {
    try {
      if (this.members.length > 0) this.file.exec('savepoint unit');
    } catch (error) {
      this.file.close();
      unit.turn.reject(error);
      return;
    }
    this.#running = unit;
    unit.group = this;
    unit.turn.resolve();
    await unit.ended.promise;
    this.#running = undefined;
  }

  /** Undoes the transaction that is running, if others wait for the commit. It runs again, alone. */
  expel(): void {
    if (this.members.length > 0) this.#running?.undo('expelled');
  }

  /** Keeps what the transaction that is running has done. */
  keep(unit: Unit): void {
    if (this.members.length > 0) this.file.exec('release unit');
    this.members.push(unit);
  }

  /** Undoes what the transaction that is running has done. */
  undo(): void {
    if (!this.file.inTransaction) return;
    const isFirst = this.members.length === 0;
    this.file.exec(isFirst ? 'rollback' : 'rollback to unit');
    if (!isFirst) this.file.exec('release unit');
  }

  async commit(): Promise<void> {
    try {
      if (this.members.length > 0 && !this.file.inTransaction) throw undone();
      if (this.file.inTransaction) await retryingWhileBusy(() => this.file.exec('commit'));
      for (const { committed } of this.members) committed.resolve();
      this.outcome.resolve();
    } catch (error) {
      // SQLite may still be in the transaction; closing the file ends it.
      this.file.close();
      for (const { committed } of this.members) committed.reject(error);
      this.outcome.reject(new SharedCommitFailed('the shared commit failed', { cause: error }));
    }
  }
}

/** A transaction of a group. */
class Unit implements SqliteTransaction {
  readonly alone: boolean;
  /** Start of its wait, by `performance.now()`. */
  readonly since = performance.now();
  readonly turn = Promise.withResolvers<void>();
  readonly ended = Promise.withResolvers<void>();
  readonly committed = Promise.withResolvers<void>();
  /** The group, while it is this transaction's turn. */
  group: Group | undefined;
  #end: 'expelled' | 'ended' = 'ended';

  constructor(alone: boolean) {
    this.alone = alone;
  }

  run<R>(query: CompiledQuery): QueryResult<R> {
    return this.#open().file.run<R>(query);
  }

  async commit(): Promise<void> {
    this.#open().keep(this);
    this.#pass('ended');
    await this.committed.promise;
  }

  async rollback(): Promise<void> {
    const { group } = this;
    this.undo('ended');
    if (group && group.members.length > 0) await group.outcome.promise;
  }

  undo(end: 'expelled' | 'ended'): void {
    if (!this.group) return;
    try {
      this.group.undo();
    } catch {
      this.group.file.close();
    }
    this.#pass(end);
  }

  /** Undoes the whole group. */
  discard(): void {
    this.group?.file.close();
    if (this.group) this.#pass('ended');
  }

  #pass(end: 'expelled' | 'ended'): void {
    this.#end = end;
    this.group = undefined;
    this.ended.resolve();
  }

  #open(): Group {
    if (this.#end === 'expelled') throw new TransactionExpelled();
    if (!this.group) throw new Error('the transaction has ended');
    // SQLite ends transactions by itself after some errors, such as a full disk.
    if (!this.group.file.inTransaction) throw undone();
    return this.group;
  }
}

const undone = () =>
  new DatabaseUnavailable(
    new Error('SQLite undid all transactions of a shared commit, after an error in one of them'),
  );
