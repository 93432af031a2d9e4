import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import {
  expectJson,
  freshEmail,
  me,
  PASSWORD,
  register,
  send,
  signIn,
  type Tokens,
} from './accounts.ts';
import type { replicasOn } from './replicas.ts';
import { type Order, orderOf, type Product } from './shop.ts';

type Fleet = ReturnType<typeof replicasOn>;

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** Longest time for which a client repeats a request that the server could not serve. */
const PATIENCE_MS = 30_000;

/** Tests what several servers must agree on, however requests are spread over them. `fleet` has its servers when they run. */
export function itAgreesInRaces(fleet: Fleet, count = 400): void {
  const server = (turn: number) => fleet.replicas[turn % fleet.replicas.length]!;

  /** Sends a request to the servers in turn until one of them gives a final answer. */
  async function persistently(
    turn: number,
    path: string,
    options: { body: unknown; token?: string; headers?: Record<string, string> },
  ): Promise<Answer> {
    const deadline = Date.now() + PATIENCE_MS;
    for (let attempt = turn; ; attempt++) {
      const response = await send(server(attempt), 'POST', path, options);
      if (response.status < 500 || Date.now() > deadline) {
        return { status: response.status, body: (await response.json()) as Answer['body'] };
      }
      await response.arrayBuffer();
      await setTimeout(Math.random() * 200);
    }
  }

  const atOnce = <T>(times: number, work: (turn: number) => Promise<T>) =>
    Promise.all(Array.from({ length: times }, (_, turn) => work(turn)));

  async function newProduct(quantity_in_stock: number): Promise<Product> {
    const body = { name: 'Thing', price: 1000, currency: 'EUR', quantity_in_stock };
    return expectJson(send(server(0), 'POST', '/products', { token: fleet.admin, body }), 201);
  }

  async function stockOf({ id }: Product): Promise<unknown> {
    const { db } = fleet.database;
    const row = db.selectFrom('products').select('quantity_in_stock').where('id', '=', id);
    return (await row.executeTakeFirstOrThrow()).quantity_in_stock;
  }

  const customer = async () => (await signIn(server(1), await register(server(0)))).access_token;
  const statuses = (answers: Answer[]) => {
    const counts: Record<number, number> = {};
    for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  };

  it(`sells 50 of 50 to ${count} who come at once`, async () => {
    const product = await newProduct(50);
    const token = await customer();
    const answers = await atOnce(count, (turn) =>
      persistently(turn, '/orders', {
        token,
        body: orderOf({ [product.id]: 1 }),
        headers: { 'idempotency-key': randomUUID() },
      }),
    );
    expect(statuses(answers)).toEqual({ 201: 50, 400: count - 50 });
    expect(await stockOf(product)).toBe(0);
  }, 60_000);

  it('places one order for one idempotency key that comes 60 times at once', async () => {
    const product = await newProduct(100);
    const token = await customer();
    const headers = { 'idempotency-key': randomUUID() };
    const body = orderOf({ [product.id]: 1 });
    const answers = await atOnce(60, (turn) =>
      persistently(turn, '/orders', { token, body, headers }),
    );
    const placed = answers.filter(({ status }) => status === 201);
    // A repetition while the first is under way is told so.
    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    expect(new Set(placed.map((answer) => (answer.body as unknown as Order).id)).size).toBe(1);
    expect(await stockOf(product)).toBe(99);
  }, 60_000);

  it('keeps one session through 30 refreshes with one token at once', async () => {
    const account = await register(server(0));
    const { refresh_token } = await signIn(server(1), account);
    const answers = await atOnce(30, (turn) =>
      persistently(turn, '/accounts/refresh', { body: { refresh_token } }),
    );
    expect(statuses(answers)).toEqual({ 200: 30 });
    await atOnce(answers.length, async (turn) => {
      const { access_token } = answers[turn]!.body as unknown as Tokens;
      await expectJson(me(server(turn + 1), access_token));
    });
  }, 60_000);

  it('registers an e-mail address once for 30 who want it at once', async () => {
    const body = { email: freshEmail(), password: PASSWORD };
    const answers = await atOnce(30, (turn) => persistently(turn, '/accounts', { body }));
    expect(statuses(answers)).toEqual({ 201: 1, 409: 29 });
  }, 60_000);

  it('knows at each server what another has just answered', async () => {
    for (let round = 0; round < 30; round++) {
      const account = await register(server(round));
      const { access_token } = await signIn(server(round + 1), account);
      await expectJson(me(server(round + 2), access_token));
      await expectJson(
        send(server(round), 'POST', '/accounts/logout', { token: access_token }),
        204,
      );
      await expectJson(me(server(round + 1), access_token), 401);
    }
  }, 60_000);
}
