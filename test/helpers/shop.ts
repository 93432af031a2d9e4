import { beforeAll } from 'vitest';
import type { Order } from '../../src/features/shop/orders/schemas.ts';
import type { Product } from '../../src/features/shop/products/schemas.ts';
import type { Promotion } from '../../src/features/shop/promotions/schemas.ts';
import type { ShopTables } from '../../src/features/shop/tables.ts';
import { expectJson, register, send, serverOn, signedInAdministrator, signIn } from './accounts.ts';
import type { TestDatabase } from './databases.ts';

export type { Order, Product, Promotion };

/** Starts a server with an administrator and a customer for all tests of a suite. */
export function shopOn(database: TestDatabase, environment: Record<string, string> = {}) {
  const server = serverOn(database, environment);
  const people = { admin: '', customer: '', customerId: '' };
  beforeAll(async () => {
    people.admin = (await signedInAdministrator(server.current)).token;
    const account = await register(server.current);
    people.customerId = account.id;
    people.customer = (await signIn(server.current, account)).access_token;
  });
  return {
    people,
    get server() {
      return server.current;
    },
    get databaseUrl() {
      return server.databaseUrl;
    },
    get db() {
      return server.current.app.database.as<ShopTables>().db;
    },
    /** Sends JSON as the customer, unless there is another token. */
    call: (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
      send(server.current, method, path, { body, token: people.customer, headers }),
    admin: (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
      send(server.current, method, path, { body, token: people.admin, headers }),
    async newCustomer(): Promise<string> {
      const account = await register(server.current);
      return (await signIn(server.current, account)).access_token;
    },
    async product(members: Record<string, unknown> = {}): Promise<Product> {
      const body = {
        name: 'Thing',
        price: 1000,
        currency: 'EUR',
        quantity_in_stock: 10,
        ...members,
      };
      return expectJson<Product>(this.admin('POST', '/products', body), 201);
    },
    async promotion(members: Record<string, unknown>): Promise<Promotion> {
      const body = { name: 'Promotion', ...members };
      return expectJson<Promotion>(this.admin('POST', '/promotions', body), 201);
    },
    async stockOf({ id }: { id: string }): Promise<number> {
      const path = `/products/${id}`;
      return (await expectJson<Product>(this.call('GET', path))).quantity_in_stock;
    },
    async order(parts: Record<string, number>, members: Record<string, unknown> = {}) {
      return expectJson<Order>(this.call('POST', '/orders', orderOf(parts, members)), 201);
    },
  };
}

export type Shop = ReturnType<typeof shopOn>;

/** Makes the body of an order of quantities by product id. */
export function orderOf(parts: Record<string, number>, members: Record<string, unknown> = {}) {
  return {
    parts: Object.entries(parts).map(([product, quantity_in_order]) => ({
      product,
      quantity_in_order,
    })),
    ...members,
  };
}

/** Returns the status and the problem code of an answer. */
export async function refusal(answer: Promise<Response>) {
  const response = await answer;
  const { code } = (await response.json()) as { code?: string };
  return [response.status, code];
}
