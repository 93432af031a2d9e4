import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { expectJson, send } from '../../helpers/accounts.ts';
import { describeOnEachDatabase } from '../../helpers/databases.ts';
import { type Order, orderOf, type Product, shopOn } from '../../helpers/shop.ts';

const COMMAND = fileURLToPath(new URL('../../../src/commands/seed.ts', import.meta.url));

async function seed(databaseUrl: string): Promise<string> {
  const child = spawn(process.execPath, [COMMAND], {
    env: { ...process.env, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  await once(child, 'close');
  return output;
}

describeOnEachDatabase('the demo catalogue', (database) => {
  const shop = shopOn(database);

  it('is there once, and can be ordered from', async () => {
    expect(await seed(shop.databaseUrl)).toBe('Added 12 products and 3 promotions.\n');
    expect(await seed(shop.databaseUrl)).toBe('Added 0 products and 0 promotions.\n');
    const page = await expectJson<{ count: number; results: Product[] }>(
      send(shop.server, 'GET', '/products?search=mug'),
    );
    expect(page.count).toBe(1);
    const body = orderOf({ [page.results[0]!.id]: 3 }, { promo_code: 'WELCOME10' });
    const order = await expectJson<Order>(shop.call('POST', '/orders', body), 201);
    expect(order).toMatchObject({ subtotal: 3870, discount: 1290 + 258, total: 2322 });
  });
});
