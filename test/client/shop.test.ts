import { describe, expect, expectTypeOf, it } from 'vitest';
import { type NewPromotion, Tally } from '../../generated-client/src/index.ts';
import { sqlite } from '../helpers/databases.ts';
import { shopOn } from '../helpers/shop.ts';
import { failureOf, faultServer } from './fault-server.ts';

const order = { requestBody: { parts: [{ product: 'p', quantity_in_order: 1 }] } };

describe('the shop', () => {
  const shop = shopOn(sqlite);
  const connect = () => new Tally({ baseUrl: shop.server.url, token: shop.people.customer });

  it('iterates over all pages of products', async () => {
    for (let count = 0; count < 5; count++) await shop.product({ name: `Mug ${count}` });
    await shop.product({ name: 'Pot' });
    const names: string[] = [];
    for await (const { name } of connect().shop.listProducts({ search: 'mug', limit: 2 })) {
      names.push(name);
    }
    expect(names).toEqual(['Mug 4', 'Mug 3', 'Mug 2', 'Mug 1', 'Mug 0']);
  });

  it('places an order for each call, and one for each key', async () => {
    const { id } = await shop.product({ quantity_in_stock: 10 });
    const { shop: client } = connect();
    const requestBody = { parts: [{ product: id, quantity_in_order: 1 }] };
    const first = await client.placeOrder({ requestBody });
    const second = await client.placeOrder({ requestBody });
    expect(second.id).not.toBe(first.id);
    const third = await client.placeOrder({ requestBody, idempotencyKey: 'mine' });
    expect(await client.placeOrder({ requestBody, idempotencyKey: 'mine' })).toEqual(third);
    const ids: string[] = [];
    for await (const entry of client.listOrders({ limit: 1 })) ids.push(entry.id);
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
    expect(await new Tally({ baseUrl: url }).shop.placeOrder(order)).toEqual({ id: 'o' });
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
    expect(await new Tally({ baseUrl: url }).shop.placeOrder(order)).toEqual({ id: 'o' });
    expect(keys).toEqual([expect.stringMatching(/^[\da-f]{32}$/), keys[0]]);
  });

  it('is given up after the last retry', async () => {
    const { url, requests } = await faultServer((request, response) => {
      request.resume().on('end', () => response.destroy());
    });
    const tally = new Tally({ baseUrl: url, retries: 1 });
    await failureOf(tally.shop.placeOrder(order));
    expect(requests()).toBe(2);
  });

  it('is no reason to repeat what has no key', async () => {
    const { url, requests } = await faultServer((request, response) => {
      request.resume().on('end', () => response.destroy());
    });
    await failureOf(new Tally({ baseUrl: url }).shop.quoteOrder(order));
    expect(requests()).toBe(1);
  });
});
