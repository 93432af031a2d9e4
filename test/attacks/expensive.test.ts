import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/database/database.ts';
import type { ShopTables } from '../../src/features/shop/tables.ts';
import { addManyProducts } from '../helpers/many-products.ts';
import { accessTable } from './access-table.ts';
import { statusOf } from './calls.ts';
import { expensiveInputs } from './expensive-inputs.ts';
import { report } from './observe.ts';
import { operations } from './spec.ts';
import { openTarget, type Target } from './target.ts';
import { createWorld, type World } from './world.ts';

const PRODUCTS = 10_000;
/** Each input is sent so often; the clock of processes ticks every 10 ms, and the least counts. */
const TIMES = 3;

let target: Target;
let world: World;
beforeAll(async () => {
  target = await openTarget();
  const database = openDatabase<ShopTables>(
    loadConfig({ DATABASE_URL: target.databaseUrl }).database,
  );
  await addManyProducts(database, PRODUCTS);
  await database.close();
  world = await createWorld(target);
});
afterAll(() => target?.close());

describe.each(operations)('$id', (operation) => {
  it('costs no more than its budget, whatever is sent', async () => {
    const overruns: string[] = [];
    const needsSpare = accessTable[operation.id]?.needsSpare;
    for (const { name, call, budget } of await expensiveInputs(operation, world)) {
      const costs: number[] = [];
      const statuses = new Set<number>();
      for (let time = 0; time < TIMES; time++) {
        const spare = needsSpare && (await world.spareToken('admin'));
        const token = spare ? spare.access_token : world.tokens.admin;
        const before = target.cpu();
        statuses.add(await statusOf(target, operation, call, token));
        costs.push(target.cpu() - before);
      }
      const cost = Math.min(...costs);
      report(`${operation.id}, ${name}: processor ${cost} of ${budget} ms, ${[...statuses]}`);
      if (cost > budget) overruns.push(`${name}: ${costs.join(', ')} of ${budget} ms`);
    }
    expect(overruns).toEqual([]);
  });
});
