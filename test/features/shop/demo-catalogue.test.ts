import { expect, it } from 'vitest';
import { expectJson, send } from '../../helpers/accounts.ts';
import { describeOnEachDatabase } from '../../helpers/databases.ts';
import { runToEnd } from '../../helpers/process.ts';
import { type Order, orderOf, type Product, shopOn } from '../../helpers/shop.ts';

const seed = (databaseUrl: string) =>
  runToEnd(process.execPath, ['src/commands/seed.ts'], { DATABASE_URL: databaseUrl });

describeOnEachDatabase('the demo catalogue', (database) => {
  const shop = shopOn(database);

  it('is there once, and can be ordered from', async () => {
    const finished = { code: 0, stderr: '' };
    const stdout = 'Added 12 products and 3 promotions.\n';
    expect(await seed(shop.databaseUrl)).toEqual({ ...finished, stdout });
    const nothing = 'Added 0 products and 0 promotions.\n';
    expect(await seed(shop.databaseUrl)).toEqual({ ...finished, stdout: nothing });
    const page = await expectJson<{ count: number; results: Product[] }>(
      send(shop.server, 'GET', '/products?search=mug'),
    );
    expect(page.count).toBe(1);
    const body = orderOf({ [page.results[0]!.id]: 3 }, { promo_code: 'WELCOME10' });
    const order = await expectJson<Order>(shop.call('POST', '/orders', body), 201);
    expect(order).toMatchObject({ subtotal: 3870, discount: 1290 + 258, total: 2322 });
  });
});
