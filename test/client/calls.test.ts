import { afterEach, describe, expect, expectTypeOf, it, onTestFinished } from 'vitest';
import {
  ApiError,
  type Call,
  isProblem,
  OrdersResource,
  type Product,
  Tally,
  TallyCore,
} from '../../generated-client/src/index.ts';
import { CHEAP_HASHES } from '../helpers/accounts.ts';
import { sqlite } from '../helpers/databases.ts';
import { serverForTest } from '../helpers/server.ts';
import { shopOn } from '../helpers/shop.ts';
import { failureOf, faultServer } from './fault-server.ts';

const unhandled: unknown[] = [];
const record = (reason: unknown) => unhandled.push(reason);

/** Waits until the runtime has reported rejections that nobody handles. */
const nextTurn = () => new Promise((resolve) => setTimeout(resolve, 20));

afterEach(() => {
  unhandled.length = 0;
});

describe('a call', () => {
  const shop = shopOn(sqlite);
  const connect = () => new Tally({ baseUrl: shop.server.url, token: shop.people.customer });

  it('is a native promise, and knows the status and the headers of the response', async () => {
    const product = await shop.product({ name: 'Mug' });
    const call = connect().products.get(product.id);
    expectTypeOf(call).toEqualTypeOf<Call<Product>>();
    expect(call).toBeInstanceOf(Promise);
    const { data, response } = await call.withResponse();
    expect(data).toEqual(await call);
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toMatch(/^"\d+-\d+"$/);
  });

  it('of a list has the response of its first page', async () => {
    const { data, response } = await connect().products.list({ limit: 1 }).withResponse();
    expect(data.results).toHaveLength(1);
    expect(response.headers.get('x-request-id')).toBeTruthy();
  });

  it('rejects with a problem whose type follows from its code', async () => {
    const { id } = await shop.product({ quantity_in_stock: 1 });
    const parts = [{ product: id, quantity_in_order: 2 }];
    const error = await failureOf(connect().orders.place({ parts }));
    if (!isProblem(error, 'insufficient_stock')) throw error;
    expectTypeOf(error.code).toEqualTypeOf<'insufficient_stock'>();
    expect(error.problem.shortages).toEqual([{ product: id, requested: 2, available: 1 }]);
    expect(isProblem(error, 'validation_failed')).toBe(false);
    expect(isProblem(new Error('insufficient_stock'), 'insufficient_stock')).toBe(false);
  });

  it('rejects with a problem that names the broken rules', async () => {
    const error = await failureOf(connect().orders.place({ parts: [] }));
    if (!isProblem(error, 'validation_failed')) throw error;
    expect(error.problem.errors[0]!.path).toBe('/parts');
  });
});

describe('a call that fails', () => {
  const failing = async () => {
    process.on('unhandledRejection', record);
    onTestFinished(() => void process.off('unhandledRejection', record));
    const { url } = await faultServer((_request, response) => {
      response.writeHead(404, { 'content-type': 'application/problem+json' });
      response.end('{"code":"product_not_found","detail":"There is no such product."}');
    });
    return new Tally({ baseUrl: url });
  };

  it('leaves no rejection unhandled where only its response is awaited', async () => {
    const { products } = await failing();
    expect(await failureOf(products.get('p').withResponse())).toBeInstanceOf(ApiError);
    expect(await failureOf(products.list().withResponse())).toBeInstanceOf(ApiError);
    await nextTurn();
    expect(unhandled).toEqual([]);
  });

  it('leaves no rejection unhandled where it is only iterated over', async () => {
    const { products } = await failing();
    const iterate = async () => {
      for await (const product of products.list()) expect.fail(product.name);
    };
    expect(await failureOf(iterate())).toBeInstanceOf(ApiError);
    await nextTurn();
    expect(unhandled).toEqual([]);
  });

  it('is reported by the runtime where nobody awaits it', async () => {
    const { products } = await failing();
    products.get('p');
    await expect.poll(() => unhandled).toEqual([expect.any(ApiError)]);
  });
});

describe('a small client', () => {
  it('signs in guests, sums, and takes single resources', async () => {
    const server = await serverForTest(CHEAP_HASHES);
    const core = new TallyCore({ baseUrl: server.url });
    await core.authenticate('ada', 'secret');
    expect(await core.sum([1, 2])).toMatch(/^[\da-f]{64}$/);
    const failure = await failureOf(new OrdersResource(core).list());
    expect(failure).toMatchObject({ code: 'insufficient_scope' });
    const other = core.with({ retries: 0 });
    expect(other).toBeInstanceOf(TallyCore);
    expect(await other.sum([3])).toBe(await core.sum([3]));
  });
});
