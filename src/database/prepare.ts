import type { Compilable, CompiledQuery, QueryResult } from 'kysely';
import { type AnyKysely, runnerOf } from './runners.ts';

/** Stands in a statement for a value that is known when it runs. */
class Parameter<Values> {
  readonly read: (values: Values) => unknown;

  constructor(read: (values: Values) => unknown) {
    this.read = read;
  }
}

/** A statement that is built once and run with other values each time, on a connection or in a transaction. */
export interface Prepared<Values, Row> {
  (db: AnyKysely, values: Values): Promise<QueryResult<Row>>;
  /** Returns the statement with values, for {@link runAll}. */
  bind(values: Values): CompiledQuery<Row>;
}

/**
 * Prepares a statement, because building its SQL takes longer than SQLite takes to run it (the server prepares nothing). `build` gets
 * placeholders, which it may only pass on. All values must have the same members as the first.
 */
export function prepare<Values extends object, Row>(
  build: (values: Values) => Compilable<Row>,
): Prepared<Values, Row> {
  return prepareFrom<Values, Row>((first) =>
    build(placeholders(first, (values: Values) => values)),
  );
}

/** As {@link prepare}, for a list of rows: prepares one statement for each length. */
export function prepareList<Values extends object, Row>(
  build: (rows: Values[]) => Compilable<Row>,
): Prepared<readonly Values[], Row> {
  const byLength = new Map<number, Prepared<readonly Values[], Row>>();
  return withBind((rows: readonly Values[]) => {
    let statement = byLength.get(rows.length);
    if (!statement) {
      statement = prepareFrom<readonly Values[], Row>((first) =>
        build(
          first.map((row, index) => placeholders(row, (all: readonly Values[]) => all[index]!)),
        ),
      );
      byLength.set(rows.length, statement);
    }
    return statement.bind(rows);
  });
}

/**
 * Runs statements of a transaction in their order, in one round trip to databases that can do that. None runs behind one
 * that fails.
 */
export function runAll(
  trx: AnyKysely,
  statements: readonly CompiledQuery[],
): Promise<QueryResult<unknown>[]> {
  return runnerOf(trx).runAll(statements);
}

function prepareFrom<Values, Row>(
  build: (first: Values) => Compilable<Row>,
): Prepared<Values, Row> {
  let compiled: CompiledQuery<Row> | undefined;
  return withBind((values) => {
    compiled ??= build(values).compile();
    const parameters = compiled.parameters.map((value) =>
      value instanceof Parameter ? value.read(values) : value,
    );
    return { ...compiled, parameters };
  });
}

function withBind<Values, Row>(
  bind: (values: Values) => CompiledQuery<Row>,
): Prepared<Values, Row> {
  const run = (db: AnyKysely, values: Values) => runnerOf(db).run(bind(values));
  return Object.assign(run, { bind });
}

/** Returns an object whose members stand for those of the object that `locate` finds among the values. */
function placeholders<T extends object, Values>(first: T, locate: (values: Values) => T): T {
  const entries = Object.keys(first).map((name) => {
    const read = (values: Values) => locate(values)[name as keyof T];
    return [name, new Parameter(read)];
  });
  return Object.fromEntries(entries) as T;
}
