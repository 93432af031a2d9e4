import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Database } from '../../src/database/database.ts';
import type { ShopTables } from '../../src/features/shop/tables.ts';
import { send } from './accounts.ts';
import { type Order, orderOf, type Product } from './shop.ts';

interface Entry {
  /** Id of the order that a 201 acknowledged. */
  order?: string;
  /** Time of the 201, by `performance.now()`. */
  at?: number;
}

export interface OrderLoad {
  /** Answers by status, or the name of the error. */
  readonly answers: Record<string, number>;
  /** Times of acknowledgements, by `performance.now()`. */
  readonly acknowledged: number[];
  /** Longest time without an acknowledgement, in milliseconds. */
  readonly longestPause: number;
  /** Lets each customer get an answer to the last order, and ends. */
  stop(): Promise<void>;
  /** Compares the journal of the customers with what is stored. */
  reckon(database: Database<ShopTables>): Promise<Reckoning>;
}

interface Reckoning {
  acknowledged: number;
  /** Orders that were acknowledged and do not exist. */
  lost: number;
  /** Orders that exist twice for one idempotency key, or for none. */
  duplicated: number;
  /** Pieces of the product that exist neither in stock nor in an order, or more often than once. */
  misbooked: number;
}

/**
 * Has customers order a product, one piece after the other, at several servers in turn. An order that got no final answer
 * is sent again, with the same idempotency key, to the next server.
 */
export function startOrderLoad(
  servers: readonly { url: string }[],
  token: string,
  product: Product,
  customers = 6,
): OrderLoad {
  const journal: Entry[] = [];
  const answers: Record<string, number> = {};
  let stopping = false;
  let turn = 0;

  async function attempt(key: string): Promise<Response | undefined> {
    const server = servers[turn++ % servers.length]!;
    const options = {
      token,
      body: orderOf({ [product.id]: 1 }),
      headers: { 'idempotency-key': key },
    };
    try {
      return await send(server, 'POST', '/orders', options);
    } catch {
      return undefined;
    }
  }

  async function customer(): Promise<void> {
    while (!stopping) {
      const entry: Entry = {};
      journal.push(entry);
      const key = randomUUID();
      const deadline = Date.now() + 60_000;
      while (entry.order === undefined && Date.now() < deadline) {
        const response = await attempt(key);
        const status = String(response?.status ?? 'broken');
        answers[status] = (answers[status] ?? 0) + 1;
        const body = (await response?.json().catch(() => undefined)) as Order | undefined;
        if (response?.status === 201 && body)
          Object.assign(entry, { order: body.id, at: performance.now() });
        else await setTimeout(50);
      }
    }
  }

  const all = Promise.all(Array.from({ length: customers }, customer));
  const times = () => journal.flatMap(({ at }) => at ?? []).toSorted((one, other) => one - other);
  return {
    answers,
    get acknowledged() {
      return times();
    },
    get longestPause() {
      return times().reduce(
        (longest, at, index, list) => Math.max(longest, at - (list[index - 1] ?? at)),
        0,
      );
    },
    async stop() {
      stopping = true;
      await all;
    },
    async reckon({ db }) {
      const rows = await db
        .selectFrom('order_parts')
        .select('order_id as id')
        .where('product_id', '=', product.id)
        .execute();
      const stored = new Set(rows.map(({ id }) => id));
      const ids = journal.flatMap(({ order }) => order ?? []);
      const { quantity_in_stock } = await db
        .selectFrom('products')
        .select('quantity_in_stock')
        .where('id', '=', product.id)
        .executeTakeFirstOrThrow();
      return {
        acknowledged: ids.length,
        lost: ids.filter((id) => !stored.has(id)).length,
        duplicated: stored.size - new Set(ids).size,
        misbooked: product.quantity_in_stock - rows.length - quantity_in_stock,
      };
    },
  };
}
