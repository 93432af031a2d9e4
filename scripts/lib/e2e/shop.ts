import { deepStrictEqual, notStrictEqual, strictEqual } from 'node:assert';
import { isProblem, type Product, type Tally } from '../../../generated-client/dist/index.js';
import { collect, expectProblem } from './steps.ts';
import type { World } from './world.ts';

const PRICE = 1250;
const STOCK = 6;

interface Shop {
  world: World;
  administrator: Tally;
  product: Product;
  code: string;
}

export async function testShop(world: World): Promise<void> {
  const { run, customer, administrator } = world;
  await run.step('lists products in pages of a given size', async () => {
    const { results } = await customer.products.list({ limit: 2 });
    strictEqual(results.length <= 2, true, `${results.length} products where 2 were asked for`);
  });
  if (!administrator) return run.skip('products, promotions and orders', 'no administrator');
  const shop = await fillShop(world, administrator);
  await testCatalogue(shop);
  await testOrders(shop);
  await testStock(shop);
}

/** Makes four products with one unique word in their names, and a promotion with a code. */
async function fillShop(world: World, administrator: Tally): Promise<Shop> {
  const { run, unique } = world;
  const code = unique.toUpperCase();
  const product = await run.step('creates products and a promotion', async () => {
    const made: Product[] = [];
    for (let number = 1; number <= 4; number++) {
      const one = await administrator.products.create({
        name: `Mug ${unique} ${number}`,
        price: PRICE,
        currency: 'EUR',
        quantity_in_stock: STOCK,
      });
      run.onEnd(() => administrator.products.delete(one.id));
      made.push(one);
    }
    const promotion = await administrator.promotions.create({
      type: 'percentage',
      name: `Ten percent ${unique}`,
      code,
      percentage: 10,
      products: made.map(({ id }) => id),
    });
    run.onEnd(() => administrator.promotions.delete(promotion.id));
    return made[0]!;
  });
  return { world, administrator, product, code };
}

async function testCatalogue({ world, administrator, product }: Shop): Promise<void> {
  const { run, unique, customer } = world;
  await run.step('searches, and iterates over all pages', async () => {
    const found = await collect(customer.products.list({ search: unique, limit: 3 }));
    const expected = [1, 2, 3, 4].map((number) => `Mug ${unique} ${number}`);
    deepStrictEqual(found.map(({ name }) => name).toSorted(), expected);
  });
  await run.step('updates a product only if it is the version that was read', async () => {
    const { response } = await administrator.products.get(product.id).withResponse();
    const ifMatch = response.headers.get('etag')!;
    const { products } = administrator;
    const changed = await products.update(product.id, { description: unique }, { ifMatch });
    strictEqual(changed.description, unique);
    const late = products.update(product.id, { description: 'late' }, { ifMatch });
    await expectProblem(late, 412, 'precondition_failed');
  });
}

async function testOrders({ world, product, code }: Shop): Promise<void> {
  const { run, unique, customer } = world;
  const parts = [{ product: product.id, quantity_in_order: 2 }];
  await run.step('quotes an order with a promo code', async () => {
    const { subtotal, discount, total } = await customer.orders.quote({ parts, promo_code: code });
    deepStrictEqual(
      [subtotal, discount, total],
      [2 * PRICE, (2 * PRICE) / 10, (2 * PRICE * 9) / 10],
    );
    const unknown = customer.orders.quote({ parts, promo_code: `${code}-NOT` });
    await expectProblem(unknown, 400, 'unknown_promo_code');
  });
  await run.step('places an order once under one idempotency key', async () => {
    const options = { idempotencyKey: `${unique}-order` };
    const order = await customer.orders.place({ parts }, options);
    run.onEnd(() => cancel(customer, order.id));
    strictEqual(order.status, 'placed');
    strictEqual((await customer.orders.place({ parts }, options)).id, order.id);
    const others = [{ product: product.id, quantity_in_order: 1 }];
    const reused = customer.orders.place({ parts: others }, options);
    await expectProblem(reused, 422, 'idempotency_key_reused');
    strictEqual((await customer.products.get(product.id)).quantity_in_stock, STOCK - 2);
    const { id } = await customer.orders.cancel(order.id);
    strictEqual((await customer.orders.get(id)).status, 'cancelled');
    strictEqual((await customer.products.get(product.id)).quantity_in_stock, STOCK);
  });
}

async function testStock({ world, administrator, product }: Shop): Promise<void> {
  const { run, customer } = world;
  await run.step('does not oversell to customers who order at once', async () => {
    const parts = [{ product: product.id, quantity_in_order: 1 }];
    const orders = await Promise.allSettled(
      Array.from({ length: 2 * STOCK }, () => customer.orders.place({ parts })),
    );
    for (const order of orders) {
      if (order.status === 'fulfilled') run.onEnd(() => cancel(customer, order.value.id));
      else if (!isProblem(order.reason, 'insufficient_stock')) throw order.reason;
    }
    strictEqual(orders.filter(({ status }) => status === 'fulfilled').length, STOCK);
    strictEqual((await customer.products.get(product.id)).quantity_in_stock, 0);
    const { problem } = await expectProblem(
      customer.orders.place({ parts }),
      400,
      'insufficient_stock',
    );
    notStrictEqual(problem.shortages, undefined, 'shortages are listed');
  });
  await run.step('moves stock, and lists the movements', async () => {
    const moved = await administrator.products.moveStock(product.id, { delta: 5 });
    strictEqual(moved.quantity_in_stock, 5);
    const movements = await collect(administrator.products.listStockMovements(product.id));
    strictEqual(
      movements.reduce((sum, { delta }) => sum + delta, 0),
      5,
      'the sum of all movements is the stock',
    );
  });
}

/** Cancels an order, unless it is cancelled already. */
async function cancel(customer: Tally, id: string): Promise<void> {
  if ((await customer.orders.get(id)).status === 'placed') await customer.orders.cancel(id);
}
