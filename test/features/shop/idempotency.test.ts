import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { CHEAP_HASHES, expectJson, send, signedInAdministrator } from '../../helpers/accounts.ts';
import { proxiedDatabase } from '../../helpers/database-proxy.ts';
import { describeOnEachDatabase, describeOnEachServer } from '../../helpers/databases.ts';
import { serverForTest } from '../../helpers/server.ts';
import { orderOf, type Product, refusal, shopOn } from '../../helpers/shop.ts';

const withKey = (key: string) => ({ 'idempotency-key': key });

describeOnEachDatabase('a repeated request of the shop', (database) => {
  const shop = shopOn(database);
  const countOf = async (path: string) =>
    (await expectJson<{ count: number }>(shop.admin('GET', path))).count;

  /** A request, another with the same path, and the list in which its effect is counted. */
  const operations = {
    createProduct: async () => ({
      path: '/products',
      body: { name: 'Pot', price: 100, currency: 'EUR', sku: randomUUID() },
      other: { name: 'Pan', price: 100, currency: 'EUR' },
      effects: '/products?limit=1',
    }),
    moveStock: async () => {
      const { id } = await shop.product();
      const path = `/products/${id}/stock`;
      return { path, body: { delta: 5 }, other: { delta: 6 }, effects: path };
    },
    createPromotion: async () => ({
      path: '/promotions',
      body: { name: 'Ten', type: 'percentage', percentage: 10, code: randomUUID() },
      other: { name: 'Ten', type: 'percentage', percentage: 20, code: randomUUID() },
      effects: '/promotions?limit=1',
    }),
    placeOrder: async () => {
      const { id } = await shop.product();
      const body = orderOf({ [id]: 1 });
      return { path: '/orders', body, other: orderOf({ [id]: 2 }), effects: '/orders?all=true' };
    },
    updateOrderStatus: async () => {
      const { id } = await shop.product();
      const order = await shop.order({ [id]: 1 });
      return {
        path: `/orders/${order.id}/status`,
        body: { status: 'paid' },
        other: { status: 'shipped' },
        effects: '/orders?all=true&status=paid',
      };
    },
  };

  it.each(Object.keys(operations) as (keyof typeof operations)[])(
    '%s takes effect once, and is answered the same',
    async (name) => {
      const { path, body, other, effects } = await operations[name]();
      const before = await countOf(effects);
      const headers = withKey(randomUUID());
      const first = await shop.admin('POST', path, body, headers);
      expect([Math.floor(first.status / 100), first.headers.get('idempotent-replayed')]).toEqual([
        2,
        null,
      ]);
      const answer = await first.json();
      const reordered = Object.fromEntries(Object.entries(body).toReversed());
      for (const again of [body, reordered]) {
        const repeated = await shop.admin('POST', path, again, headers);
        expect(repeated.headers.get('idempotent-replayed')).toBe('true');
        expect([repeated.status, await repeated.json()]).toEqual([first.status, answer]);
        for (const header of ['location', 'etag']) {
          expect(repeated.headers.get(header)).toBe(first.headers.get(header));
        }
      }
      expect(await countOf(effects)).toBe(before + 1);
      const reused = shop.admin('POST', path, other, headers);
      expect(await refusal(reused)).toEqual([422, 'idempotency_key_reused']);
      expect(await countOf(effects)).toBe(before + 1);
    },
  );

  it('gets the answer of its order, even if that could no longer be placed', async () => {
    const product = await shop.product();
    const headers = withKey(randomUUID());
    const place = () => shop.admin('POST', '/orders', orderOf({ [product.id]: 10 }), headers);
    const order = await expectJson(place(), 201);
    expect(await refusal(shop.admin('POST', '/orders', orderOf({ [product.id]: 1 })))).toEqual([
      400,
      'insufficient_stock',
    ]);
    expect(await expectJson(place(), 201)).toEqual(order);
    expect((await shop.admin('DELETE', `/products/${product.id}`)).status).toBe(204);
    expect(await expectJson(place(), 201)).toEqual(order);
  });

  it('is no repetition with the path of another product', async () => {
    const [a, b] = [await shop.product(), await shop.product()];
    const headers = withKey(randomUUID());
    const move = (product: Product) =>
      shop.admin('POST', `/products/${product.id}/stock`, { delta: 5 }, headers);
    await expectJson(move(a));
    expect(await refusal(move(b))).toEqual([422, 'idempotency_key_reused']);
    expect([await shop.stockOf(a), await shop.stockOf(b)]).toEqual([15, 10]);
  });

  it('is no repetition with another operation', async () => {
    const headers = withKey(randomUUID());
    const body = { name: 'Pot', price: 100, currency: 'EUR' };
    await expectJson(shop.admin('POST', '/products', body, headers), 201);
    const promotion = { name: 'Ten', type: 'percentage', percentage: 10, code: randomUUID() };
    await expectJson(shop.admin('POST', '/promotions', promotion, headers), 201);
  });

  it('takes effect once among 20 at once', async () => {
    const product = await shop.product();
    const headers = withKey(randomUUID());
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        shop.admin('POST', `/products/${product.id}/stock`, { delta: 5 }, headers),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toContain(200);
    expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([]);
    expect(await shop.stockOf(product)).toBe(15);
  });
});

describeOnEachServer('a request whose COMMIT is not answered on $name', (database) => {
  it('takes effect once when it is repeated with its key', async () => {
    const { url, proxy } = await proxiedDatabase(database);
    const server = await serverForTest({
      ...CHEAP_HASHES,
      LOG_LEVEL: 'error',
      DATABASE_URL: url,
    });
    const { token } = await signedInAdministrator(server);
    const admin = (path: string, body: object, headers = {}) =>
      send(server, 'POST', path, { token, body, headers });
    const thing = { name: 'Thing', price: 100, currency: 'EUR' };
    const { id } = await expectJson<Product>(admin('/products', thing), 201);
    for (let round = 1; round <= 20; round++) {
      const headers = withKey(randomUUID());
      const move = () => admin(`/products/${id}/stock`, { delta: 5 }, headers);
      const cut = proxy.cutAt('commit', 'before-answer');
      const lost = await move();
      await cut;
      expect(await lost.json()).toMatchObject({ status: 500, code: 'outcome_unknown' });
      const again = await move();
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      const product = (await again.json()) as Product;
      expect(product.quantity_in_stock).toBe(5 * round);
    }
  });
});
