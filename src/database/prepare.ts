import type { Compilable, CompiledQuery, Kysely, QueryResult } from 'kysely';
import type { BatchingConnection } from './guarded-dialect.ts';

/** Stands in a statement for a value that is known when it runs. */
class Parameter {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** A statement that is built once and run with other values each time, on a connection or in a transaction. */
export interface Prepared<Values, Row> {
  (db: AnyKysely, values: Values): Promise<QueryResult<Row>>;
  /** Returns the statement with values, for {@link runAll}. */
  bind(values: Values): CompiledQuery<Row>;
}

// biome-ignore lint/suspicious/noExplicitAny: the tables were checked when the statement was built
type AnyKysely = Kysely<any>;

/**
 * Prepares a statement, because building one takes longer than SQLite takes to run it. `build` gets
 * placeholders, which it may only pass on. All values must have the same members as the first.
 */
export function prepare<Values extends object, Row>(
  build: (values: Values) => Compilable<Row>,
): Prepared<Values, Row> {
  let compiled: CompiledQuery<Row> | undefined;
  return withBind((values) => {
    compiled ??= build(mapMembers(values, (name) => new Parameter(name))).compile();
    const parameters = compiled.parameters.map((value) =>
      value instanceof Parameter ? values[value.name as keyof Values] : value,
    );
    return { ...compiled, parameters };
  });
}

/** As {@link prepare}, for a list of rows: prepares one statement for each length. */
export function prepareList<Values extends object, Row>(
  build: (rows: Values[]) => Compilable<Row>,
): Prepared<readonly Values[], Row> {
  const byLength = new Map<number, Prepared<Record<string, unknown>, Row>>();
  return withBind((rows) => {
    const statement =
      byLength.get(rows.length) ??
      prepare((values) =>
        build(rows.map((row, index) => mapMembers(row, (name) => values[`${index} ${name}`]))),
      );
    byLength.set(rows.length, statement);
    const values = rows.flatMap((row, index) =>
      Object.entries(row).map(([name, value]) => [`${index} ${name}`, value]),
    );
    return statement.bind(Object.fromEntries(values));
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
  const run = (connection: BatchingConnection) => connection.executeAll!(statements);
  return trx.getExecutor().provideConnection(run);
}

function withBind<Values, Row>(
  bind: (values: Values) => CompiledQuery<Row>,
): Prepared<Values, Row> {
  return Object.assign((db: AnyKysely, values: Values) => db.executeQuery(bind(values)), { bind });
}

function mapMembers<T extends object>(values: T, placeholder: (name: string) => unknown): T {
  const entries = Object.keys(values).map((name) => [name, placeholder(name)]);
  return Object.fromEntries(entries) as T;
}
