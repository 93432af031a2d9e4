import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { expectJson, register, send, signIn } from '../../../helpers/accounts.ts';
import { databases, sqlite, type TestDatabase } from '../../../helpers/databases.ts';
import { replicasOn } from '../../../helpers/replicas.ts';
import { type Order, orderOf, type Product, type Promotion } from '../../../helpers/shop.ts';

interface Answer {
  status: number;
  order: Order & { code?: string };
}

function fleetOn(database: TestDatabase, count: number) {
  const fleet = replicasOn(database, count);
  const next = (turn: number) => fleet.replicas[turn % fleet.replicas.length]!;
  const asAdmin = (path: string, body: unknown) =>
    send(next(0), 'POST', path, { token: fleet.admin, body });
  return {
    fleet,
    async customer(): Promise<string> {
      return (await signIn(next(0), await register(next(0)))).access_token;
    },
    product: (quantity_in_stock: number) =>
      expectJson<Product>(
        asAdmin('/products', { name: 'Thing', price: 1000, currency: 'EUR', quantity_in_stock }),
        201,
      ),
    promotion: (members: object) =>
      expectJson<Promotion>(asAdmin('/promotions', { name: 'Promotion', ...members }), 201),
    async stockOf({ id }: Product): Promise<number> {
      const path = `/products/${id}`;
      return (await expectJson<Product>(send(next(1), 'GET', path))).quantity_in_stock;
    },
    /** Sends requests at once, to the servers in turn. */
    async inParallel(
      count: number,
      request: (turn: number) => {
        token: string;
        body?: unknown;
        path?: string;
        headers?: Record<string, string>;
      },
    ): Promise<Answer[]> {
      return Promise.all(
        Array.from({ length: count }, async (_, turn) => {
          const { path = '/orders', ...options } = request(turn);
          const response = await send(next(turn), 'POST', path, options);
          return { status: response.status, order: (await response.json()) as Answer['order'] };
        }),
      );
    },
    /** For each product: the ledger, and what it started with less what living orders took, are its stock. */
    async expectBalance(): Promise<void> {
      const { db } = fleet.database;
      const sum = (rows: { id: string; sum: unknown }[]) =>
        new Map(rows.map(({ id, sum: total }) => [id, Number(total)]));
      const products = await db
        .selectFrom('products')
        .select(['id', 'quantity_in_stock'])
        .execute();
      const movements = db
        .selectFrom('stock_movements')
        .select(({ fn }) => ['product_id as id', fn.sum('delta').as('sum')])
        .groupBy('product_id');
      const ledger = sum(await movements.execute());
      const initial = sum(await movements.where('reason', '=', 'created').execute());
      const ordered = sum(
        await db
          .selectFrom('order_parts')
          .innerJoin('orders', 'orders.id', 'order_parts.order_id')
          .where('status', '!=', 'cancelled')
          .select(({ fn }) => ['product_id as id', fn.sum('quantity').as('sum')])
          .groupBy('product_id')
          .execute(),
      );
      expect(products.length).toBeGreaterThan(0);
      for (const { id, quantity_in_stock } of products) {
        expect(ledger.get(id)).toBe(quantity_in_stock);
        expect(initial.get(id)! - (ordered.get(id) ?? 0)).toBe(quantity_in_stock);
        expect(quantity_in_stock).toBeGreaterThanOrEqual(0);
      }
    },
  };
}

const count = (answers: Answer[], status: number) =>
  answers.filter((answer) => answer.status === status).length;

const fleets = [
  { name: 'one server on SQLite', database: sqlite, servers: 1 },
  ...databases.map((database) => ({
    name: `two servers on ${database.name}`,
    database,
    servers: 2,
  })),
];

describe.for(fleets)('$name', ({ database, servers }) => {
  const shop = fleetOn(database, servers);

  it('sell 50 of 50 to 200 who come at once', async () => {
    const product = await shop.product(50);
    const token = await shop.customer();
    const body = orderOf({ [product.id]: 1 });
    const answers = await shop.inParallel(200, () => ({ token, body }));
    expect([count(answers, 201), count(answers, 400)]).toEqual([50, 150]);
    for (const { status, order } of answers) {
      if (status === 400) expect(order.code).toBe('insufficient_stock');
    }
    expect(await shop.stockOf(product)).toBe(0);
    await shop.expectBalance();
  });

  it('refuse nobody while there is plenty of the one product that all of them want', async () => {
    const product = await shop.product(1_000_000);
    const token = await shop.customer();
    const body = orderOf({ [product.id]: 1 });
    const refused: Answer[] = [];
    for (let round = 0; round < 60; round++) {
      const answers = await shop.inParallel(40, () => ({ token, body }));
      refused.push(...answers.filter(({ status }) => status !== 201));
    }
    expect(refused).toEqual([]);
    expect(await shop.stockOf(product)).toBe(1_000_000 - 2400);
    await shop.expectBalance();
  }, 180_000);

  it('fill orders that name a product twice as a whole or not', async () => {
    const product = await shop.product(50);
    const token = await shop.customer();
    const part = { product: product.id, quantity_in_order: 2 };
    const body = { parts: [part, { ...part, quantity_in_order: 1 }] };
    const answers = await shop.inParallel(40, () => ({ token, body }));
    expect([count(answers, 201), count(answers, 400)]).toEqual([16, 24]);
    expect(await shop.stockOf(product)).toBe(2);
  });

  it('fill orders that cross each other’s products, without a deadlock that anyone sees', async () => {
    const products = await Promise.all(Array.from({ length: 6 }, () => shop.product(60)));
    const token = await shop.customer();
    const answers = await shop.inParallel(200, (turn) => {
      const rotated = [...products.slice(turn % 6), ...products.slice(0, turn % 6)];
      const some = (turn % 2 ? rotated : rotated.toReversed()).slice(0, 2 + (turn % 4));
      return { token, body: orderOf(Object.fromEntries(some.map(({ id }) => [id, 1]))) };
    });
    expect(count(answers, 201) + count(answers, 400)).toBe(200);
    expect(count(answers, 201)).toBeGreaterThanOrEqual(60);
    await shop.expectBalance();
  });

  it('place one order for 50 requests with one key', async () => {
    const product = await shop.product(50);
    const token = await shop.customer();
    const headers = { 'idempotency-key': randomUUID() };
    const body = orderOf({ [product.id]: 1 });
    const answers = await shop.inParallel(50, () => ({ token, body, headers }));
    const placed = answers.filter(({ status }) => status === 201);
    expect(placed.length).toBeGreaterThan(0);
    expect(new Set(placed.map(({ order }) => order.id)).size).toBe(1);
    for (const { status, order } of answers) {
      if (status === 409) expect(order.code).toBe('idempotency_in_progress');
    }
    expect(placed.length + count(answers, 409)).toBe(50);
    expect(await shop.stockOf(product)).toBe(49);
    const again = await shop.inParallel(4, () => ({ token, body, headers }));
    expect(again.map(({ order }) => order)).toEqual(Array(4).fill(placed[0]!.order));
  });

  it('restock once for 20 who cancel at once', async () => {
    const product = await shop.product(10);
    const token = await shop.customer();
    const body = orderOf({ [product.id]: 7 });
    const [placed] = await shop.inParallel(1, () => ({ token, body }));
    const path = `/orders/${placed!.order.id}/cancel`;
    const answers = await shop.inParallel(20, () => ({ token, path }));
    expect(answers.every(({ order }) => order.status === 'cancelled')).toBe(true);
    expect(await shop.stockOf(product)).toBe(10);
    await shop.expectBalance();
  });

  it('keep to the limits of promotions among 100 orders at once', async () => {
    const product = await shop.product(1000);
    const tokens = await Promise.all(Array.from({ length: 5 }, () => shop.customer()));
    const promotion = { type: 'percentage', percentage: 10, products: [product.id] };
    const overall = await shop.promotion({ ...promotion, code: randomUUID(), usage_limit: 30 });
    const body = orderOf({ [product.id]: 1 }, { promo_code: overall.code });
    const answers = await shop.inParallel(100, (turn) => ({ token: tokens[turn % 5]!, body }));
    expect([count(answers, 201), count(answers, 400)]).toEqual([30, 70]);

    await shop.promotion({ ...promotion, usage_limit_per_user: 3 });
    const without = orderOf({ [product.id]: 1 });
    const all = await shop.inParallel(100, (turn) => ({ token: tokens[turn % 5]!, body: without }));
    expect(count(all, 201)).toBe(100);
    const reduced = all.filter(({ order }) => order.discount > 0).map(({ order }) => order.user);
    expect(reduced.length).toBe(15);
    for (const users of Map.groupBy(reduced, (user) => user).values()) {
      expect(users.length).toBe(3);
    }
    await shop.expectBalance();
  });

  it('lose nothing that was acknowledged when one is killed amid the load', async () => {
    const products = await Promise.all(Array.from({ length: 4 }, () => shop.product(100_000)));
    const token = await shop.customer();
    const { replicas } = shop.fleet;
    const sent: { body: unknown; headers: Record<string, string>; id?: string }[] = [];
    let running = true;
    const work = async (worker: number) => {
      for (let turn = worker; running; turn++) {
        const ids = [products[turn % 4]!.id, products[(turn + 1) % 4]!.id];
        const body = orderOf(Object.fromEntries(ids.map((id) => [id, 1 + (turn % 3)])));
        const request: (typeof sent)[number] = {
          body,
          headers: { 'idempotency-key': randomUUID() },
        };
        sent.push(request);
        const replica = replicas[worker % replicas.length]!;
        const response = await send(replica, 'POST', '/orders', { token, ...request }).catch(
          () => undefined,
        );
        // The killed server answers no more; its clients stop.
        if (!response) return;
        expect(response.status).toBe(201);
        const order = (await response.json().catch(() => undefined)) as Order | undefined;
        if (order) request.id = order.id;
      }
    };
    const workers = Array.from({ length: 16 }, (_, worker) => work(worker));
    await new Promise((resolve) => setTimeout(resolve, 700));
    await replicas[0]!.end('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 300));
    running = false;
    await Promise.all(workers);
    await replicas[0]!.start();

    const acknowledged = sent.filter(({ id }) => id !== undefined);
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(acknowledged.length).toBeLessThan(sent.length);
    await shop.expectBalance();
    const { db } = shop.fleet.database;
    const stored = new Set(
      (await db.selectFrom('orders').select('id').execute()).map(({ id }) => id),
    );
    expect(acknowledged.filter(({ id }) => !stored.has(id!))).toEqual([]);

    // Whoever got no answer asks again: what had been placed is answered, what had not is placed now.
    for (const request of [
      ...sent.filter(({ id }) => id === undefined),
      ...acknowledged.slice(-5),
    ]) {
      const again = send(replicas[0]!, 'POST', '/orders', { token, ...request });
      const order = await expectJson<Order>(again, 201);
      if (request.id) expect(order.id).toBe(request.id);
    }
    const placed = await db
      .selectFrom('orders')
      .where('id', 'in', (expression) =>
        expression
          .selectFrom('order_parts')
          .select('order_id')
          .where(
            'product_id',
            'in',
            products.map(({ id }) => id),
          ),
      )
      .select(({ fn }) => fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    expect(Number(placed.count)).toBe(sent.length);
    await shop.expectBalance();
  });
});
