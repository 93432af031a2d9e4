import type { Compilable, CompiledQuery, Kysely, QueryResult } from 'kysely';

/** Placeholder in a statement for a value that is known when it runs. */
class Parameter {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

const parameters = new Proxy({}, { get: (_, name) => new Parameter(String(name)) });

/** A statement that is built once and runs with other values each time, on a connection or in a transaction. */
export type Prepared<Values, Row> = (
  // biome-ignore lint/suspicious/noExplicitAny: the tables were checked when it was built
  db: Kysely<any>,
  values: Values,
) => Promise<QueryResult<Row>>;

/**
 * Prepares a statement that runs on every request, because building one takes longer than SQLite takes to run it: a
 * repository calls `const find = prepare((values: { id: string }) => db.selectFrom(…).where('id', '=', values.id))`
 * once, and then `find(db, { id })`. `build` gets placeholders: it may pass values on, but not look at them.
 */
export function prepare<Values extends object, Row>(
  build: (values: Values) => Compilable<Row>,
): Prepared<Values, Row> {
  let compiled: CompiledQuery<Row> | undefined;
  return (db, values) => {
    compiled ??= build(parameters as Values).compile();
    const bound = compiled.parameters.map((value) =>
      value instanceof Parameter ? values[value.name as keyof Values] : value,
    );
    return db.executeQuery({ ...compiled, parameters: bound });
  };
}

/** As {@link prepare}, for a list of rows: built once for each length. */
export function prepareList<Values extends object, Row>(
  build: (rows: Values[]) => Compilable<Row>,
): Prepared<readonly Values[], Row> {
  const byLength = new Map<number, Prepared<Record<string, unknown>, Row>>();
  const prepareFor = (length: number) =>
    prepare((values: Record<string, unknown>) => {
      const rowAt = (_: unknown, index: number) =>
        new Proxy({}, { get: (_, name) => values[`${index} ${String(name)}`] }) as Values;
      return build(Array.from({ length }, rowAt));
    });
  return (db, rows) => {
    const statement = byLength.get(rows.length) ?? prepareFor(rows.length);
    byLength.set(rows.length, statement);
    const values = rows.flatMap((row, index) =>
      Object.entries(row).map(([name, value]) => [`${index} ${name}`, value]),
    );
    return statement(db, Object.fromEntries(values));
  };
}
