import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { expectJson, send } from '../../../helpers/accounts.ts';
import { describeOnEachDatabase } from '../../../helpers/databases.ts';
import { type Order, orderOf, refusal, shopOn } from '../../../helpers/shop.ts';

describeOnEachDatabase('orders', (database) => {
  const shop = shopOn(database);
  const place = (body: unknown, headers?: Record<string, string>) =>
    shop.call('POST', '/orders', body, headers);

  it('give back what they took when they are cancelled, also beyond the most that can be brought in', async () => {
    const mug = await shop.product({ quantity_in_stock: 1_000_000_000_000 });
    const { id } = await shop.order({ [mug.id]: 10 });
    const move = (delta: number) => shop.admin('POST', `/products/${mug.id}/stock`, { delta });
    await expectJson(move(10));
    await expectJson(shop.call('POST', `/orders/${id}/cancel`));
    expect(await shop.stockOf(mug)).toBe(1_000_000_000_010);
    expect(await refusal(move(1))).toEqual([400, 'validation_failed']);
    expect(await expectJson(move(-1))).toMatchObject({ quantity_in_stock: 1_000_000_000_009 });
  });

  it('take what they ask for, and keep names and prices as they were', async () => {
    const pot = await shop.product({ name: 'Pot', price: 3490 });
    const mug = await shop.product({ name: 'Mug', price: 900 });
    const response = await place(orderOf({ [pot.id]: 2, [mug.id]: 3 }));
    expect(response.status).toBe(201);
    const order = (await response.json()) as Order;
    expect(order).toEqual({
      id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-7/),
      parts: [
        {
          product: pot.id,
          quantity_in_order: 2,
          product_name: 'Pot',
          unit_price: 3490,
          discount: 0,
          total: 6980,
        },
        {
          product: mug.id,
          quantity_in_order: 3,
          product_name: 'Mug',
          unit_price: 900,
          discount: 0,
          total: 2700,
        },
      ],
      created: expect.stringMatching(/Z$/),
      user: shop.people.customerId,
      status: 'placed',
      currency: 'EUR',
      subtotal: 9680,
      discount: 0,
      total: 9680,
      promotions: [],
    });
    expect([await shop.stockOf(pot), await shop.stockOf(mug)]).toEqual([8, 7]);
    await shop.admin(
      'PATCH',
      `/products/${pot.id}`,
      { name: 'Jar', price: 1 },
      { 'if-match': '*' },
    );
    await shop.admin('DELETE', `/products/${mug.id}`);
    const path = `/orders/${order.id}`;
    expect(response.headers.get('location')).toBe(shop.server.url + path);
    expect(await expectJson(shop.call('GET', path))).toEqual(order);
  });

  it('merge equal products, in the order in which they are first named', async () => {
    const a = await shop.product({ quantity_in_stock: 5 });
    const b = await shop.product();
    const part = (product: string, quantity_in_order: number) => ({ product, quantity_in_order });
    const body = { parts: [part(b.id, 1), part(a.id, 2), part(b.id, 1), part(a.id, 3)] };
    const order = await expectJson<Order>(place(body), 201);
    expect(order.parts).toMatchObject([part(b.id, 2), part(a.id, 5)]);
    expect(await shop.stockOf(a)).toBe(0);
    const parts = [part(b.id, 4), part(b.id, 5)];
    expect(await expectJson(place({ parts }), 400)).toMatchObject({
      code: 'insufficient_stock',
      shortages: [{ product: b.id, requested: 9, available: 8 }],
    });
  });

  it('take nothing at all if there is too little of one product', async () => {
    const plenty = await shop.product();
    const scarce = await shop.product({ quantity_in_stock: 1 });
    const none = await shop.product({ quantity_in_stock: 0 });
    const body = orderOf({ [plenty.id]: 1, [scarce.id]: 2, [none.id]: 1 });
    expect(await expectJson(place(body), 400)).toMatchObject({
      code: 'insufficient_stock',
      detail: expect.stringContaining(scarce.id),
      shortages: [
        { product: scarce.id, requested: 2, available: 1 },
        { product: none.id, requested: 1, available: 0 },
      ],
    });
    expect([await shop.stockOf(plenty), await shop.stockOf(scarce)]).toEqual([10, 1]);
  });

  it('refuse products that there are not, and more than one currency', async () => {
    const euro = await shop.product();
    const dollar = await shop.product({ currency: 'USD' });
    const unknown = orderOf({ [euro.id]: 1, [randomUUID()]: 1 });
    expect(await expectJson(place(unknown), 400)).toMatchObject({
      code: 'unknown_product',
      errors: [{ path: '/parts/1/product' }],
    });
    const mixed = orderOf({ [euro.id]: 1, [dollar.id]: 1 });
    expect(await refusal(place(mixed))).toEqual([400, 'mixed_currencies']);
    expect(await shop.stockOf(euro)).toBe(10);
  });

  it.each([
    {},
    { parts: [] },
    { parts: [{ product: 'x', quantity_in_order: 1 }] },
    { parts: [{ product: randomUUID() }] },
    { parts: [{ product: randomUUID(), quantity_in_order: 0 }] },
    { parts: [{ product: randomUUID(), quantity_in_order: -1 }] },
    { parts: [{ product: randomUUID(), quantity_in_order: 1.5 }] },
    { parts: [{ product: randomUUID(), quantity_in_order: '1' }] },
    { parts: [{ product: randomUUID(), quantity_in_order: 10_001 }] },
    { parts: Array(101).fill({ product: randomUUID(), quantity_in_order: 1 }) },
    { parts: [{ product: randomUUID(), quantity_in_order: 1, price: 0 }] },
    { parts: [{ product: randomUUID(), quantity_in_order: 1 }], promo_code: 'a b' },
    { parts: [{ product: randomUUID(), quantity_in_order: 1 }], promo_cod: 'typo' },
  ])('are refused as %j', async (body) => {
    expect(await refusal(place(body))).toEqual([400, 'validation_failed']);
    expect(await refusal(shop.call('POST', '/orders/quote', body))).toEqual([
      400,
      'validation_failed',
    ]);
  });

  it('can be quoted, with the same answer and no effect', async () => {
    const { id } = await shop.product({ price: 70 });
    const quote = () => shop.call('POST', '/orders/quote', orderOf({ [id]: 10 }));
    const quoted = await expectJson(quote());
    expect(await shop.stockOf({ id })).toBe(10);
    const order = await shop.order({ [id]: 10 });
    expect(order).toMatchObject(quoted);
    expect(await expectJson(quote(), 400)).toMatchObject({
      code: 'insufficient_stock',
      shortages: [{ product: id, requested: 10, available: 0 }],
    });
  });

  it('are listed newest first, one’s own alone, by page and status', async () => {
    const { id } = await shop.product({ quantity_in_stock: 100 });
    const token = await shop.newCustomer();
    const mine = (method: string, path: string, body?: unknown) =>
      send(shop.server, method, path, { token, body });
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) {
      const order = await expectJson<Order>(mine('POST', '/orders', orderOf({ [id]: 1 })), 201);
      ids.unshift(order.id);
    }
    await shop.order({ [id]: 1 });
    await mine('POST', `/orders/${ids[1]}/cancel`);
    const list = async (query: string) => {
      const page = await expectJson<{ count: number; next: string | null; results: Order[] }>(
        mine('GET', `/orders?${query}`),
      );
      return { ...page, ids: page.results.map((order) => order.id) };
    };
    expect(await list('')).toMatchObject({ count: 3, next: null, ids });
    expect((await list('')).results[0]!.parts).toHaveLength(1);
    expect(await list('limit=2')).toMatchObject({ ids: ids.slice(0, 2) });
    expect(await list('limit=2&page=2')).toMatchObject({ ids: ids.slice(2), next: null });
    expect(await list('status=cancelled')).toMatchObject({ count: 1, ids: [ids[1]] });
    expect(await refusal(mine('GET', '/orders?status=lost'))).toEqual([400, 'validation_failed']);
    expect(await refusal(mine('GET', '/orders?all=true'))).toEqual([403, 'insufficient_scope']);
    const all = await expectJson<{ results: Order[] }>(shop.admin('GET', '/orders?all=true'));
    expect(new Set(all.results.map(({ user }) => user)).size).toBeGreaterThan(1);
  });

  it('of another are not there, but for administrators', async () => {
    const { id } = await shop.product();
    const order = await shop.order({ [id]: 1 });
    const token = await shop.newCustomer();
    for (const [method, path] of [
      ['GET', `/orders/${order.id}`],
      ['POST', `/orders/${order.id}/cancel`],
      ['GET', `/orders/${randomUUID()}`],
    ] as const) {
      const answer = send(shop.server, method, path, { token });
      expect(await refusal(answer)).toEqual([404, 'order_not_found']);
    }
    expect(await expectJson(shop.admin('GET', `/orders/${order.id}`))).toEqual(order);
  });

  it('and promotions are for nobody to store, errors included', async () => {
    const { id } = await shop.product();
    const order = await shop.order({ [id]: 1 });
    const answers = [
      await shop.call('GET', '/orders'),
      await shop.call('GET', `/orders/${order.id}`),
      await shop.call('GET', `/orders/${randomUUID()}`),
      await shop.call('POST', '/orders', {}),
      await place(orderOf({ [id]: 1 })),
      await shop.admin('GET', '/promotions'),
      await shop.call('GET', '/promotions'),
      await shop.admin('GET', `/products/${id}/stock`),
      await send(shop.server, 'GET', '/orders'),
    ];
    for (const answer of answers) {
      expect([answer.url, answer.headers.get('cache-control')]).toEqual([answer.url, 'no-store']);
      await answer.arrayBuffer();
    }
  });

  it.each([
    ['in upper case', (id: string) => id.toUpperCase()],
    ['with urn:uuid:', (id: string) => `urn:uuid:${id}`],
  ])('and products have no id %s', async (_, spell) => {
    const { id } = await shop.product();
    const order = await shop.order({ [id]: 1 });
    for (const path of [`/orders/${spell(order.id)}`, `/products/${spell(id)}`]) {
      expect(await refusal(shop.call('GET', path))).toEqual([400, 'validation_failed']);
    }
    const body = orderOf({ [spell(id)]: 1 });
    expect(await refusal(place(body))).toEqual([400, 'validation_failed']);
  });

  it('need an account', async () => {
    for (const [method, path] of [
      ['POST', '/orders'],
      ['POST', '/orders/quote'],
      ['GET', '/orders'],
      ['GET', `/orders/${randomUUID()}`],
      ['POST', `/orders/${randomUUID()}/cancel`],
      ['POST', `/orders/${randomUUID()}/status`],
    ] as const) {
      expect(await refusal(send(shop.server, method, path))).toEqual([401, 'missing_token']);
    }
  });

  describe('when they are cancelled', () => {
    it('give back what they took, once', async () => {
      const a = await shop.product();
      const b = await shop.product();
      const order = await shop.order({ [a.id]: 4, [b.id]: 6 });
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => shop.call('POST', `/orders/${order.id}/cancel`)),
      );
      for (const answer of answers) {
        expect(answer.status).toBe(200);
        expect(await answer.json()).toEqual({ ...order, status: 'cancelled' });
      }
      expect([await shop.stockOf(a), await shop.stockOf(b)]).toEqual([10, 10]);
      const ledger = await expectJson<{ results: { delta: number; order: string | null }[] }>(
        shop.admin('GET', `/products/${a.id}/stock`),
      );
      expect(ledger.results.map(({ delta, order: of }) => [delta, of])).toEqual([
        [4, order.id],
        [-4, order.id],
        [10, null],
      ]);
    });

    it('leave a product that is gone where it is', async () => {
      const a = await shop.product();
      const b = await shop.product();
      const order = await shop.order({ [a.id]: 4, [b.id]: 6 });
      await shop.admin('DELETE', `/products/${a.id}`);
      await expectJson(shop.call('POST', `/orders/${order.id}/cancel`));
      expect(await shop.stockOf(b)).toBe(10);
    });
  });

  it('go from placed to paid, shipped and delivered, and no other way', async () => {
    const product = await shop.product({ quantity_in_stock: 100 });
    const to = (id: string, status: string) =>
      shop.admin('POST', `/orders/${id}/status`, { status });
    const ways: Record<string, string[]> = {
      placed: ['paid', 'cancelled'],
      paid: ['shipped', 'cancelled'],
      shipped: ['delivered'],
      delivered: [],
      cancelled: [],
    };
    const paths: Record<string, string[]> = {
      placed: [],
      paid: ['paid'],
      shipped: ['paid', 'shipped'],
      delivered: ['paid', 'shipped', 'delivered'],
      cancelled: ['cancelled'],
    };
    for (const [from, path] of Object.entries(paths)) {
      for (const target of Object.keys(paths)) {
        const { id } = await shop.order({ [product.id]: 1 });
        for (const step of path) {
          expect(await expectJson(to(id, step))).toMatchObject({ id, status: step });
        }
        const expected = ways[from]!.includes(target) ? 200 : 409;
        expect([from, target, (await to(id, target)).status]).toEqual([from, target, expected]);
      }
    }
    const shipped = await shop.order({ [product.id]: 1 });
    await to(shipped.id, 'paid');
    await to(shipped.id, 'shipped');
    const cancel = shop.call('POST', `/orders/${shipped.id}/cancel`);
    expect(await expectJson(cancel, 409)).toMatchObject({
      code: 'invalid_transition',
      detail: 'A shipped order cannot be cancelled.',
    });
    expect(await refusal(to(randomUUID(), 'paid'))).toEqual([404, 'order_not_found']);
    expect(await refusal(to(shipped.id, 'lost'))).toEqual([400, 'validation_failed']);
    // 25 orders and the shipped one, of which those that were cancelled gave theirs back.
    const cancelled = await expectJson<{ count: number }>(
      shop.admin('GET', '/orders?all=true&status=cancelled&limit=1'),
    );
    expect(cancelled.count).toBeGreaterThanOrEqual(7);
    expect(await shop.stockOf(product)).toBe(100 - 26 + 7);
  });

  describe('with an idempotency key', () => {
    const withKey = (key: string) => ({ 'idempotency-key': key });

    it('are placed once, and answered the same again', async () => {
      const product = await shop.product();
      const body = orderOf({ [product.id]: 1 });
      const first = await place(body, withKey('k-1'));
      expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([201, null]);
      const order = (await first.json()) as Order;
      await shop.call('POST', `/orders/${order.id}/cancel`);
      const again = await place(body, withKey('k-1'));
      expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
      expect(await again.json()).toEqual(order);
      expect(again.headers.get('location')).toBe(first.headers.get('location'));
      expect(await shop.stockOf(product)).toBe(10);
      const other = orderOf({ [product.id]: 2 });
      expect(await refusal(place(other, withKey('k-1')))).toEqual([422, 'idempotency_key_reused']);
      const promo = { ...body, promo_code: 'X' };
      expect(await refusal(place(promo, withKey('k-1')))).toEqual([422, 'idempotency_key_reused']);
    });

    it('are another’s under the same key', async () => {
      const product = await shop.product();
      const body = orderOf({ [product.id]: 1 });
      const token = await shop.newCustomer();
      const mine = await expectJson<Order>(place(body, withKey('shared')), 201);
      const headers = withKey('shared');
      const theirs = await expectJson<Order>(
        send(shop.server, 'POST', '/orders', { token, body, headers }),
        201,
      );
      expect(theirs.id).not.toBe(mine.id);
    });

    it('can be tried again after a refusal, which leaves no trace', async () => {
      const product = await shop.product({ quantity_in_stock: 0 });
      const body = orderOf({ [product.id]: 1 });
      expect(await refusal(place(body, withKey('k-2')))).toEqual([400, 'insufficient_stock']);
      await shop.admin('POST', `/products/${product.id}/stock`, { delta: 1 });
      const response = await place(body, withKey('k-2'));
      expect([response.status, response.headers.get('idempotent-replayed')]).toEqual([201, null]);
    });

    it('need one of 1 to 255 characters', async () => {
      const product = await shop.product();
      const body = orderOf({ [product.id]: 1 });
      expect((await place(body, withKey('x'.repeat(255)))).status).toBe(201);
      expect(await refusal(place(body, withKey('x'.repeat(256))))).toEqual([
        400,
        'validation_failed',
      ]);
      expect(await refusal(place(body, withKey('')))).toEqual([400, 'validation_failed']);
    });
  });
});
