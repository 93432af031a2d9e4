import { describe, expect, expectTypeOf, it } from 'vitest';
import { type NewPromotion, Tally } from '../../generated-client/src/index.ts';
import { sqlite } from '../helpers/databases.ts';
import { shopOn } from '../helpers/shop.ts';
import { failureOf, faultServer } from './fault-server.ts';

const order = { parts: [{ product: 'p', quantity_in_order: 1 }] };

describe('the shop', () => {
  const shop = shopOn(sqlite);
  const connect = () => new Tally({ baseUrl: shop.server.url, token: shop.people.customer });

  it('iterates over all pages of products', async () => {
    for (let count = 0; count < 5; count++) await shop.product({ name: `Mug ${count}` });
    await shop.product({ name: 'Pot' });
    const names: string[] = [];
    for await (const { name } of connect().products.list({ search: 'mug', limit: 2 })) {
      names.push(name);
    }
    expect(names).toEqual(['Mug 4', 'Mug 3', 'Mug 2', 'Mug 1', 'Mug 0']);
  });

  it('gives each product once, while others are added and deleted', async () => {
    const wanted: string[] = [];
    for (let count = 0; count < 6; count++)
      wanted.unshift((await shop.product({ name: 'Cup' })).id);
    const seen: string[] = [];
    for await (const { id } of connect().products.list({ search: 'cup', limit: 2 })) {
      seen.push(id);
      await shop.product({ name: 'Cup' });
      if (seen.length === 2) await shop.admin('DELETE', `/products/${id}`);
    }
    expect(seen).toEqual(wanted);
  });

  it('refuses to update a product that somebody else has updated meanwhile', async () => {
    const { products } = new Tally({ baseUrl: shop.server.url, token: shop.people.admin });
    const { id } = await shop.product({ price: 1000 });
    const mine = await products.get(id);
    const theirs = (await products.list()).results.find((product) => product.id === id)!;
    const updated = await products.update(theirs, { price: 900 });
    const error = await failureOf(products.update(mine, { price: 1100 }));
    expect(error).toMatchObject({ status: 412, code: 'precondition_failed' });
    expect((await products.get(id)).price).toBe(900);
    expect(await products.update(updated, { name: 'New' })).toMatchObject({ price: 900 });
    const stale = products.update(id, { price: 1 }, { ifMatch: mine.etag });
    expect(await failureOf(stale)).toMatchObject({ code: 'precondition_failed' });
    expect(await products.update(id, { price: 700 })).toMatchObject({ name: 'New', price: 700 });
  });

  it('places an order for each call, and one for each key', async () => {
    const { id } = await shop.product({ quantity_in_stock: 10 });
    const { orders } = connect();
    const body = { parts: [{ product: id, quantity_in_order: 1 }] };
    const first = await orders.place(body);
    const second = await orders.place(body);
    expect(second.id).not.toBe(first.id);
    const third = await orders.place(body, { idempotencyKey: 'mine' });
    expect(await orders.place(body, { idempotencyKey: 'mine' })).toEqual(third);
    const ids: string[] = [];
    for await (const entry of orders.list({ limit: 1 })) ids.push(entry.id);
    expect(ids).toEqual([third.id, second.id, first.id]);
    expect(await shop.stockOf({ id })).toBe(7);
  });
});

it('knows which members each type of promotion requires', () => {
  const name = 'Ten';
  const complete = { name, type: 'fixed', amount: 5, currency: 'EUR' } as const;
  expectTypeOf(complete).toExtend<NewPromotion>();
  const { currency, ...withoutCurrency } = complete;
  expectTypeOf(withoutCurrency).not.toExtend<NewPromotion>();
  const withoutGet = { name, type: 'buy_x_get_y', buy: 2 } as const;
  expectTypeOf(withoutGet).not.toExtend<NewPromotion>();
});

describe('an order whose answer is lost', () => {
  it('is sent again under the same key', async () => {
    const keys: unknown[] = [];
    const { url } = await faultServer((request, response) => {
      keys.push(request.headers['idempotency-key']);
      request.resume().on('end', () => {
        if (keys.length === 1) response.destroy();
        else if (keys.length === 2) {
          response.writeHead(409, {
            'content-type': 'application/problem+json',
            'retry-after': '0',
          });
          const code = 'idempotency_in_progress';
          response.end(JSON.stringify({ code, status: 409, title: 'Conflict', detail: 'Wait.' }));
        } else response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":"o"}');
      });
    });
    expect(await new Tally({ baseUrl: url }).orders.place(order)).toEqual({ id: 'o' });
    expect(keys).toHaveLength(3);
    expect(new Set(keys)).toEqual(new Set([expect.stringMatching(/^[\da-f]{32}$/)]));
  });

  it('is sent again under the same key where the outcome is unknown', async () => {
    const keys: unknown[] = [];
    const { url } = await faultServer((request, response) => {
      keys.push(request.headers['idempotency-key']);
      request.resume().on('end', () => {
        const isFirst = keys.length === 1;
        response.writeHead(isFirst ? 500 : 201, { 'content-type': 'application/json' });
        response.end(isFirst ? '{"code":"outcome_unknown","detail":"Look."}' : '{"id":"o"}');
      });
    });
    expect(await new Tally({ baseUrl: url }).orders.place(order)).toEqual({ id: 'o' });
    expect(keys).toEqual([expect.stringMatching(/^[\da-f]{32}$/), keys[0]]);
  });

  it('is given up after the last retry', async () => {
    const { url, requests } = await faultServer((request, response) => {
      request.resume().on('end', () => response.destroy());
    });
    const tally = new Tally({ baseUrl: url, retries: 1 });
    await failureOf(tally.orders.place(order));
    expect(requests()).toBe(2);
  });

  it('is no reason to repeat what has no key', async () => {
    const { url, requests } = await faultServer((request, response) => {
      request.resume().on('end', () => response.destroy());
    });
    await failureOf(new Tally({ baseUrl: url }).orders.quote(order));
    expect(requests()).toBe(1);
  });
});
