import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ShopTables } from '../../../../src/features/shop/tables.ts';
import { expectJson, send } from '../../../helpers/accounts.ts';
import { describeOnEachDatabase } from '../../../helpers/databases.ts';
import { type Order, orderOf, type Promotion, refusal, shopOn } from '../../../helpers/shop.ts';

describeOnEachDatabase('promotions', (database) => {
  const shop = shopOn(database);
  /** One that ends with the test. */
  const temporaryPromotion = async (members: Record<string, unknown>): Promise<Promotion> => {
    const promotion = await shop.promotion(members);
    onTestFinished(async () => {
      await shop.admin('DELETE', `/promotions/${promotion.id}`);
    });
    return promotion;
  };
  const quote = (parts: Record<string, number>, promo_code?: string) =>
    shop.call('POST', '/orders/quote', orderOf(parts, promo_code ? { promo_code } : {}));

  it('that apply without a code are listed to customers, without what only administrators know', async () => {
    const current = async (headers = {}) => {
      const answer = shop.call('GET', '/promotions/current', undefined, headers);
      return expectJson<{ count: number; results: { id: string }[] }>(answer);
    };
    const thing = await shop.product();
    const percentage = (members: object) =>
      temporaryPromotion({ type: 'percentage', percentage: 1, ...members });
    const [past, future] = ['2020-01-01T00:00:00.000Z', '2100-01-01T00:00:00.000Z'];
    await percentage({ code: 'secret' });
    await percentage({ starts: future });
    await percentage({ ends: past });
    const endless = await percentage({ name: 'Endless', products: [thing.id] });
    const limited = await percentage({ starts: past, ends: future, usage_limit: 2 });
    const once = await percentage({ usage_limit_per_user: 1 });
    const newestFirst = [once.id, limited.id, endless.id];
    const found = await current();
    expect(found.results.map(({ id }) => id)).toEqual(newestFirst);
    expect(found).toMatchObject({ count: 3, next: null, after: null });
    expect(found.results[2]).toEqual({
      id: endless.id,
      name: 'Endless',
      type: 'percentage',
      percentage: 1,
      amount: null,
      buy: null,
      get: null,
      currency: null,
      minimum_total: null,
      ends: null,
      products: [thing.id],
      usage_limit_per_user: null,
    });

    const placed = await shop.order({ [thing.id]: 1 });
    const applied = placed.promotions.map(({ id }) => id);
    expect(applied.toSorted()).toEqual(newestFirst.toSorted());
    // This customer has used one of them up; then all have used up another.
    expect((await current()).results.map(({ id }) => id)).toEqual([limited.id, endless.id]);
    const another = { authorization: `Bearer ${await shop.newCustomer()}` };
    expect((await current(another)).count).toBe(3);
    await shop.order({ [thing.id]: 1 });
    expect((await current()).results.map(({ id }) => id)).toEqual([endless.id]);
    expect((await current(another)).results.map(({ id }) => id)).toEqual([once.id, endless.id]);
    await expectJson(shop.call('POST', `/orders/${placed.id}/cancel`));
    expect((await current()).count).toBe(3);

    const nobody = send(shop.server, 'GET', '/promotions/current');
    expect(await refusal(nobody)).toEqual([401, 'missing_token']);
    expect(await refusal(shop.call('GET', '/promotions'))).toEqual([403, 'insufficient_scope']);
  });

  describe('administrators', () => {
    it('add, get, list, change and remove them', async () => {
      const body = {
        name: 'Summer',
        type: 'fixed',
        amount: 500,
        currency: 'EUR',
        code: 'summer',
        minimum_total: 2000,
        starts: '2020-06-01T00:00:00+02:00',
        ends: '2100-01-01T00:00:00Z',
        products: [randomUUID()],
        usage_limit: 10,
        usage_limit_per_user: 1,
      };
      const response = await shop.admin('POST', '/promotions', body);
      expect(response.status).toBe(201);
      const promotion = (await response.json()) as Promotion;
      expect(promotion).toEqual({
        ...body,
        id: expect.any(String),
        code: 'SUMMER',
        percentage: null,
        buy: null,
        get: null,
        starts: '2020-05-31T22:00:00.000Z',
        ends: '2100-01-01T00:00:00.000Z',
        uses: 0,
        created: expect.any(String),
        updated: expect.any(String),
      });
      const path = `/promotions/${promotion.id}`;
      expect(response.headers.get('location')).toBe(shop.server.url + path);
      expect(await expectJson(shop.admin('GET', path))).toEqual(promotion);
      expect(await expectJson(shop.admin('GET', '/promotions'))).toMatchObject({
        count: 1,
        results: [promotion],
      });
      const changes = { amount: 700, code: null, products: null, ends: null };
      expect(await expectJson(shop.admin('PATCH', path, changes))).toMatchObject({
        ...changes,
        name: 'Summer',
      });
      const wrong = shop.admin('PATCH', path, { amount: null });
      expect(await refusal(wrong)).toEqual([400, 'validation_failed']);
      expect(await expectJson(shop.admin('GET', path))).toMatchObject({ amount: 700 });
      expect((await shop.admin('DELETE', path)).status).toBe(204);
      for (const [method, change] of [['GET'], ['DELETE'], ['PATCH', changes]] as const) {
        const answer = shop.admin(method, path, change);
        expect(await refusal(answer)).toEqual([404, 'promotion_not_found']);
      }
    });

    it.each([
      [{ type: 'percentage' }, ['/percentage']],
      [{ type: 'percentage', percentage: 10, amount: 5, buy: null }, ['/amount', '/buy']],
      [{ type: 'percentage', percentage: 101 }, ['/percentage']],
      [{ type: 'fixed', amount: 5 }, ['/currency']],
      [{ type: 'fixed', currency: 'EUR' }, ['/amount']],
      [{ type: 'buy_x_get_y', buy: 1 }, ['/get']],
      [{ type: 'buy_x_get_y', buy: 0, get: 1 }, ['/buy']],
      [{ type: 'free' }, ['/type']],
      [{ percentage: 10 }, ['/type']],
      [{ type: ['percentage'], percentage: 10 }, ['/type']],
      [{ type: 'percentage', percentage: 1, code: 'a b' }, ['/code']],
      [{ type: 'percentage', percentage: 1, minimum_total: 5 }, ['/currency']],
      [
        {
          type: 'percentage',
          percentage: 1,
          starts: '2026-01-01T00:00:00Z',
          ends: '2026-01-01T00:00:00Z',
        },
        ['/ends'],
      ],
      [{ type: 'percentage', percentage: 1, usage_limt: 5 }, ['/usage_limt']],
    ])('cannot add %j', async (members, paths) => {
      const body = { name: 'x', ...members };
      const problem = await expectJson<{ code: string; errors: { path: string }[] }>(
        shop.admin('POST', '/promotions', body),
        400,
      );
      expect(problem.code).toBe('validation_failed');
      expect(problem.errors.map(({ path }) => path).toSorted()).toEqual(paths);
    });

    it.each([
      '2026-12-31T23:59:60Z',
      '2026-12-31T23:59:59+05',
      '2026-12-31T23:59:59',
      '2026-12-31 23:59:59Z',
      '2026-12-31t23:59:59z',
      '2026-12-31T24:00:00Z',
      '2026-12-31T23:59Z',
      '2026-12-31T23:59:59.Z',
      '2026-12-31T23:59:59+24:00',
      '2026-02-29T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-00-10T00:00:00Z',
      '0000-01-01T00:00:00+01:00',
      '9999-12-31T23:59:59-00:01',
      '+10000-01-01T00:00:00Z',
      '2026-12-31T23:59:59Z ',
      'tomorrow',
      '',
    ])('cannot begin or end one at %j', async (time) => {
      const body = { name: 'x', type: 'percentage', percentage: 1 };
      for (const member of ['starts', 'ends']) {
        const problem = await expectJson<{ code: string; errors: { path: string }[] }>(
          shop.admin('POST', '/promotions', { ...body, [member]: time }),
          400,
        );
        expect(problem.code).toBe('validation_failed');
        expect(problem.errors.map(({ path }) => path)).toContain(`/${member}`);
      }
    });

    it.each([
      ['2028-02-29T23:59:59.999999Z', '2028-02-29T23:59:59.999Z'],
      ['2026-12-31T23:59:59-23:59', '2027-01-01T23:58:59.000Z'],
      ['0000-01-01T01:00:00+01:00', '0000-01-01T00:00:00.000Z'],
      ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ])('begin one at %j, and can send the answer again', async (starts, answered) => {
      const { id, ...added } = await temporaryPromotion({
        type: 'percentage',
        percentage: 1,
        starts,
      });
      expect(added.starts).toBe(answered);
      const changes = { starts: added.starts, ends: null };
      const changed = await expectJson<Promotion>(
        shop.admin('PATCH', `/promotions/${id}`, changes),
      );
      expect(changed.starts).toBe(answered);
    });

    it('remove one while an order with its code is placed, which does not know it then', async () => {
      const { id } = await shop.product();
      const members = { type: 'percentage', percentage: 10, code: randomUUID(), usage_limit: 5 };
      const { id: promotionId, code } = await shop.promotion(members);
      let answer: Promise<Response> | undefined;
      await shop.server.app.database.as<ShopTables>().transaction(async (trx) => {
        await trx.deleteFrom('promotions').where('id', '=', promotionId).execute();
        answer = shop.call('POST', '/orders', orderOf({ [id]: 1 }, { promo_code: code }));
        // The order reads the promotion as it was, and waits for this to end where it counts the use.
        await new Promise((resolve) => setTimeout(resolve, 500));
      });
      expect(await refusal(answer!)).toEqual([400, 'unknown_promo_code']);
      expect(await shop.stockOf({ id })).toBe(10);
    });

    it('cannot give two promotions one promo code, whatever its case', async () => {
      await temporaryPromotion({ type: 'percentage', percentage: 1, code: 'once' });
      const body = { name: 'x', type: 'percentage', percentage: 2, code: 'ONCE' };
      expect(await refusal(shop.admin('POST', '/promotions', body))).toEqual([
        409,
        'promo_code_taken',
      ]);
    });

    it('are the only ones who see them', async () => {
      const path = `/promotions/${randomUUID()}`;
      for (const [method, url, body] of [
        ['GET', '/promotions'],
        ['POST', '/promotions', {}],
        ['GET', path],
        ['PATCH', path, {}],
        ['DELETE', path],
      ] as const) {
        const answer = shop.call(method, url, body);
        expect(await refusal(answer)).toEqual([403, 'insufficient_scope']);
      }
    });
  });

  it('reduce orders, which say how and keep it', async () => {
    const cheap = await shop.product({ price: 333 });
    const dear = await shop.product({ price: 1000 });
    const third = await temporaryPromotion({ name: '2 + 1', type: 'buy_x_get_y', buy: 2, get: 1 });
    const tenth = await temporaryPromotion({ name: '10 %', type: 'percentage', percentage: 10 });
    const order = await shop.order({ [dear.id]: 1, [cheap.id]: 2 });
    expect(order).toMatchObject({
      subtotal: 1666,
      discount: 333 + 133,
      total: 1200,
      parts: [
        { product: dear.id, discount: 100, total: 900 },
        { product: cheap.id, discount: 333 + 33, total: 300 },
      ],
      promotions: [
        { id: third.id, name: '2 + 1', type: 'buy_x_get_y', code: null, discount: 333 },
        { id: tenth.id, name: '10 %', type: 'percentage', code: null, discount: 133 },
      ],
    });
    await shop.admin('DELETE', `/promotions/${third.id}`);
    expect(await expectJson(shop.call('GET', `/orders/${order.id}`))).toEqual(order);
  });

  it('count where their conditions are met', async () => {
    const { id } = await shop.product({ price: 1000, quantity_in_stock: 100 });
    const other = await shop.product();
    const discountOf = async (members: Record<string, unknown>, count = 1) => {
      const { id: promotionId } = await shop.promotion({
        type: 'percentage',
        percentage: 50,
        ...members,
      });
      const { discount } = await expectJson<{ discount: number }>(quote({ [id]: count }));
      await shop.admin('DELETE', `/promotions/${promotionId}`);
      return discount;
    };
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    expect(await discountOf({})).toBe(500);
    expect(await discountOf({ starts: day(-1), ends: day(1) })).toBe(500);
    expect(await discountOf({ starts: day(1) })).toBe(0);
    expect(await discountOf({ ends: day(-1) })).toBe(0);
    expect(await discountOf({ products: [id] })).toBe(500);
    expect(await discountOf({ products: [other.id] })).toBe(0);
    expect(await discountOf({ currency: 'EUR', minimum_total: 2000 })).toBe(0);
    expect(await discountOf({ currency: 'EUR', minimum_total: 2000 }, 2)).toBe(1000);
    expect(await discountOf({ currency: 'USD' })).toBe(0);
    expect(await discountOf({ code: 'SECRET' })).toBe(0);
  });

  it('with a code count for whoever gives it, or there is no order', async () => {
    const product = await shop.product();
    const other = await shop.product();
    await temporaryPromotion({
      type: 'percentage',
      percentage: 10,
      code: 'Ten',
      products: [product.id],
    });
    await temporaryPromotion({
      type: 'percentage',
      percentage: 10,
      code: 'OVER',
      ends: '2020-01-01T00:00:00Z',
    });
    expect(await expectJson(quote({ [product.id]: 1 }, 'tEN'))).toMatchObject({
      discount: 100,
      promotions: [{ code: 'TEN' }],
    });
    for (const [parts, code, problem] of [
      [{ [product.id]: 1 }, 'NONE', 'unknown_promo_code'],
      [{ [product.id]: 1 }, 'OVER', 'unknown_promo_code'],
      [{ [other.id]: 1 }, 'TEN', 'promo_code_not_applicable'],
    ] as const) {
      expect(await refusal(quote(parts, code))).toEqual([400, problem]);
      const body = orderOf(parts, { promo_code: code });
      expect(await refusal(shop.call('POST', '/orders', body))).toEqual([400, problem]);
    }
    expect([await shop.stockOf(product), await shop.stockOf(other)]).toEqual([10, 10]);
  });

  it('are used as often as they may be, and cancelled orders give theirs back', async () => {
    const { id } = await shop.product({ quantity_in_stock: 100 });
    const { id: promotionId } = await temporaryPromotion({
      type: 'percentage',
      percentage: 10,
      code: 'LIMITED',
      usage_limit: 3,
      usage_limit_per_user: 2,
    });
    const token = await shop.newCustomer();
    const place = (as: string) =>
      send(shop.server, 'POST', '/orders', {
        token: as,
        body: orderOf({ [id]: 1 }, { promo_code: 'limited' }),
      });
    const mine = () => place(shop.people.customer);
    const { id: first } = await expectJson<Order>(mine(), 201);
    await expectJson(mine(), 201);
    expect(await refusal(mine())).toEqual([400, 'promo_code_used_up']);
    await expectJson(place(token), 201);
    expect(await refusal(place(token))).toEqual([400, 'promo_code_used_up']);
    await Promise.all([1, 2, 3].map(() => shop.call('POST', `/orders/${first}/cancel`)));
    expect(await expectJson(shop.admin('GET', `/promotions/${promotionId}`))).toMatchObject({
      uses: 2,
    });
    await expectJson(mine(), 201);
    expect(await refusal(mine())).toEqual([400, 'promo_code_used_up']);
  });

  it('that need no code are left out of an order once they are used up', async () => {
    const { id } = await shop.product({ quantity_in_stock: 100 });
    await temporaryPromotion({ type: 'percentage', percentage: 10, usage_limit_per_user: 1 });
    expect(await shop.order({ [id]: 1 })).toMatchObject({ discount: 100 });
    expect(await shop.order({ [id]: 1 })).toMatchObject({ discount: 0, promotions: [] });
  });
});
