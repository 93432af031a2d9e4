import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';
import { DatabaseUnavailable, violatesUnique } from '../../src/database/errors.ts';
import { prepare, prepareList, runAll } from '../../src/database/prepare.ts';
import { proxiedDatabase } from '../helpers/database-proxy.ts';
import {
  databaseForTest,
  describeOnEachDatabase,
  describeOnEachServer,
} from '../helpers/databases.ts';

interface Tables {
  entries: { id: number; note: string };
}

async function openEntries(config: Parameters<typeof openDatabase>[0]) {
  const database = openDatabase<Tables>(config);
  onTestFinished(() => database.close());
  const { db } = database;
  const insert = prepareList((rows: Tables['entries'][]) => db.insertInto('entries').values(rows));
  const rename = prepare(({ from, to }: { from: string; to: string }) =>
    db.updateTable('entries').set({ note: to }).where('note', '=', from),
  );
  const notes = prepare(({ from }: { from: number }) =>
    db.selectFrom('entries').select('note').where('id', '>=', from).orderBy('id'),
  );
  const all = () => db.selectFrom('entries').selectAll().orderBy('id').execute();
  return { ...database, insert, rename, notes, all };
}

const createEntries = ({ db }: Pick<Awaited<ReturnType<typeof openEntries>>, 'db'>) =>
  db.schema
    .createTable('entries')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('note', 'varchar(100)')
    .execute();

const a = { id: 1, note: 'a' };
const b = { id: 2, note: 'b' };

describeOnEachDatabase('statements of a transaction that run together', (kind) => {
  it('are in it, though the first could not be sent', async () => {
    const entries = await openEntries(await databaseForTest(kind));
    await createEntries(entries);
    const { transaction, insert, notes, all } = entries;
    const work = transaction(async (trx) => {
      await notes(trx, { from: { no: 'number' } as never }).catch(() => undefined);
      await insert(trx, [a]);
      throw new Error('enough');
    });
    await expect(work).rejects.toThrow();
    expect(await all()).toEqual([]);
  });

  it('see what those before them wrote, and give their results in order', async () => {
    const entries = await openEntries(await databaseForTest(kind));
    await createEntries(entries);
    const { transaction, insert, rename, notes, all } = entries;
    const results = await transaction((trx) =>
      runAll(trx, [
        notes.bind({ from: 0 }),
        insert.bind([a, b]),
        rename.bind({ from: 'b', to: "it's" }),
        rename.bind({ from: 'missing', to: 'x' }),
        notes.bind({ from: 2 }),
      ]),
    );
    expect(results.map(({ rows, numAffectedRows }) => [rows, numAffectedRows])).toEqual([
      [[], undefined],
      [[], 2n],
      [[], 1n],
      [[], 0n],
      [[{ note: "it's" }], undefined],
    ]);
    expect(await all()).toEqual([a, { id: 2, note: "it's" }]);
  });

  it('end at the first that fails, of which nothing remains', async () => {
    const entries = await openEntries(await databaseForTest(kind));
    await createEntries(entries);
    const { db, transaction, insert, rename, notes, all } = entries;
    await insert(db, [a]);
    const statements = [
      rename.bind({ from: 'a', to: 'c' }),
      insert.bind([a]),
      insert.bind([b]),
      notes.bind({ from: 0 }),
    ];
    const error = await transaction((trx) => runAll(trx, statements)).catch((caught) => caught);
    expect(violatesUnique(error, kind.kind === 'mysql' ? 'PRIMARY' : 'entries_pkey')).toBe(
      kind.kind !== 'sqlite',
    );
    expect(await all()).toEqual([a]);
    await transaction((trx) => runAll(trx, [insert.bind([b])]));
    expect(await all()).toEqual([a, b]);
  });
});

describeOnEachServer('statements that run together on $name', (kind) => {
  it.for(['begin', 'insert', 'update'])(
    'leave nothing when the connection breaks at the %s',
    async (statement) => {
      const { proxy, config, directConfig } = await proxiedDatabase(kind);
      const direct = await openEntries(directConfig);
      await createEntries(direct);
      const { transaction, insert, rename } = await openEntries(config);
      const add = () =>
        transaction((trx) =>
          runAll(trx, [insert.bind([a, b]), rename.bind({ from: 'a', to: 'c' })]),
        );
      for (const moment of ['before-forwarding', 'before-answer'] as const) {
        const cut = proxy.cutAt(statement, moment);
        expect(await add().catch((error) => error)).toBeInstanceOf(DatabaseUnavailable);
        await cut;
        expect(await direct.all()).toEqual([]);
      }
      await add();
      expect(await direct.all()).toEqual([{ ...a, note: 'c' }, b]);
    },
  );

  it('are not run if a transaction has none', async () => {
    const { transaction, db } = await openEntries(await databaseForTest(kind));
    expect(await transaction(async () => 'nothing')).toBe('nothing');
    await expect(
      transaction(async () => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await createEntries({ db });
  });
});
