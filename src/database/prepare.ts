import type { Compilable, CompiledQuery, Kysely, QueryResult } from 'kysely';

/** Stands in a statement for a value that is known when it runs. */
class Parameter {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** A statement that is built once and run with other values each time, on a connection or in a transaction. */
export type Prepared<Values, Row> = (
  // biome-ignore lint/suspicious/noExplicitAny: the tables were checked when it was built
  db: Kysely<any>,
  values: Values,
) => Promise<QueryResult<Row>>;

/**
 * Prepares a statement, because building one takes longer than SQLite takes to run it. `build` gets
 * placeholders, which it may only pass on. All values must have the same members as the first.
 */
export function prepare<Values extends object, Row>(
  build: (values: Values) => Compilable<Row>,
): Prepared<Values, Row> {
  let compiled: CompiledQuery<Row> | undefined;
  return (db, values) => {
    compiled ??= build(mapMembers(values, (name) => new Parameter(name))).compile();
    const bound = compiled.parameters.map((value) =>
      value instanceof Parameter ? values[value.name as keyof Values] : value,
    );
    return db.executeQuery({ ...compiled, parameters: bound });
  };
}

/** As {@link prepare}, for a list of rows: prepares one statement for each length. */
export function prepareList<Values extends object, Row>(
  build: (rows: Values[]) => Compilable<Row>,
): Prepared<readonly Values[], Row> {
  const byLength = new Map<number, Prepared<Record<string, unknown>, Row>>();
  return (db, rows) => {
    const statement =
      byLength.get(rows.length) ??
      prepare((values) =>
        build(rows.map((row, index) => mapMembers(row, (name) => values[`${index} ${name}`]))),
      );
    byLength.set(rows.length, statement);
    const values = rows.flatMap((row, index) =>
      Object.entries(row).map(([name, value]) => [`${index} ${name}`, value]),
    );
    return statement(db, Object.fromEntries(values));
  };
}

function mapMembers<T extends object>(values: T, placeholder: (name: string) => unknown): T {
  const entries = Object.keys(values).map((name) => [name, placeholder(name)]);
  return Object.fromEntries(entries) as T;
}
