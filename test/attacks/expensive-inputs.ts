import { freshEmail, PASSWORD } from '../helpers/accounts.ts';
import { accessTable, type Call } from './access-table.ts';
import type { World } from './world.ts';

/** A request that costs the server as much as a client can make it cost. */
export interface Input {
  name: string;
  call: Call;
  /** Most processor time of one request, in milliseconds, on a busy machine. */
  budget: number;
}

type Inputs = (world: World) => Input[] | Promise<Input[]>;

/** Budget of a request that has nothing expensive about it. */
const PLAIN = 60;
/** Bytes just below the largest bodies of JSON that routes read. */
const FULL = [16_000, 128_000];
const ID = '01900000-0000-7000-8000-000000000000';

const words = (count: number) =>
  Array.from({ length: count }, (_, index) => String.fromCharCode(97 + (index % 26))).join(' ');
/** Folds to eighteen letters (NFKC). */
const UNFOLDING = '\ufdfa';
/** Costs the estimator of passwords most: dictionary words, sequences, repetitions, dates, all at once. */
const GUESSABLE = 'P@ssw0rd1qaz2wsx19991231abcabcabcqwertyuiop'.repeat(3).slice(0, 128);

/** Bodies that cost most to parse and to check, whatever the schema says. */
const bodies = (): Input[] =>
  FULL.flatMap((size) => {
    const repeated = (piece: unknown) =>
      Array(Math.floor(size / (JSON.stringify(piece).length + 1))).fill(piece);
    const all: Record<string, unknown> = {
      'empty objects': { parts: repeated({}) },
      'many members': members(size / 20),
      'one text': { name: 'é'.repeat(size / 2 - 20), email: 'e' },
      ids: { products: repeated(ID), parts: [] },
      'letters that unfold': { email: `${UNFOLDING.repeat(size / 3 - 40)}@example.com` },
    };
    return Object.entries(all).map(([name, body]) => ({
      name: `${size / 1000} KB of ${name}`,
      call: { body },
      budget: 100,
    }));
  });

const members = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`member${index}`, index]));

const queries = (...all: [name: string, query: string][]): Input[] =>
  all.map(([name, query]) => ({ name, call: { query }, budget: 150 }));

const LAST_PAGE = ['the last page', 'page=1000000&limit=200'] as [string, string];

/** The expensive inputs of operations that have some; each operation is also sent a plain request, and bodies. */
const own: Record<string, Inputs> = {
  listProducts: () =>
    queries(
      LAST_PAGE,
      ['a search of many beginnings', `search=${encodeURIComponent(words(100))}`],
      ['a search of every letter', `search=${encodeURIComponent(words(26))}&ordering=-name`],
      ['a search of the commonest words', 'search=common+to+all+product+word&ordering=price'],
      ['a search of letters that unfold', `search=${encodeURIComponent(UNFOLDING.repeat(200))}`],
      [
        'every filter at once',
        'min_price=1&max_price=99999&min_stock=1&max_stock=1000&in_stock=true&search=c+p+w&ordering=quantity_in_stock&page=40&limit=200',
      ],
    ),
  listAccounts: () =>
    queries(LAST_PAGE, ['a search of many beginnings', `search=${encodeURIComponent(words(50))}`]),
  downloadImage: () =>
    queries(['a wrong signature', `expires=9999999999&signature=${'A'.repeat(48)}`]),
  listAuditEvents: () => queries(LAST_PAGE, ['200 of one kind', 'limit=200&action=signed_in']),
  listOrders: () => queries(LAST_PAGE, ['the orders of everyone', 'all=true&limit=200']),
  registerAccount: () => [
    {
      name: 'a password of many guessable parts',
      call: { body: { email: freshEmail(), password: GUESSABLE } },
      budget: 150,
    },
    {
      name: 'names that unfold',
      call: {
        body: {
          email: freshEmail(),
          password: PASSWORD,
          username: UNFOLDING.repeat(254),
          first_name: UNFOLDING.repeat(100),
          last_name: UNFOLDING.repeat(100),
        },
      },
      budget: 150,
    },
  ],
  resetPassword: () => [
    {
      name: 'a new password of many guessable parts',
      call: { body: { token: 'A'.repeat(43), new_password: GUESSABLE } },
      budget: 150,
    },
  ],
  changePassword: async (world) => [
    {
      name: 'a new password of many guessable parts',
      call: {
        body: {
          username: (await world.person()).username,
          current_password: PASSWORD,
          new_password: GUESSABLE,
        },
      },
      budget: 150,
    },
  ],
  createProduct: () => [
    {
      name: 'a description of different words',
      call: {
        body: {
          name: 'Thing',
          price: 1,
          currency: 'EUR',
          description: Array.from({ length: 3300 }, (_, index) => index.toString(36))
            .join(' ')
            .slice(0, 10_000),
        },
      },
      budget: 150,
    },
    {
      name: 'a description that unfolds',
      call: {
        body: {
          name: 'Thing',
          price: 1,
          currency: 'EUR',
          description: `${UNFOLDING} `.repeat(5000),
        },
      },
      budget: 150,
    },
  ],
  placeOrder: (world) => orders(world),
  quoteOrder: (world) => orders(world),
  createPromotion: async (world) => {
    const products = await Promise.all(Array.from({ length: 100 }, () => world.product()));
    const body = {
      name: 'Promotion',
      type: 'percentage',
      percentage: 1,
      code: world.fresh(),
      products: products.map(({ id }) => id),
    };
    return [{ name: 'a promotion for many products', call: { body }, budget: 150 }];
  },
  sumDocument: () => [
    {
      name: 'digits of all sizes',
      call: {
        body: Array.from({ length: 20_000 }, (_, index) => Number(`1e${(index * 37) % 300}`)),
      },
      budget: 150,
    },
    ...sumsOfPlaces(),
  ],
};

/** Documents whose totals of places take far longer than their sum, with digests that need a key. */
function sumsOfPlaces(): Input[] {
  const key = Buffer.alloc(64, 1).toString('base64url');
  const place = (count: number, value: unknown) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [index.toString(36), value]));
  const collapse = '&collapse=$.none[*]'.repeat(100);
  const all: [name: string, body: unknown, budget: number][] = [
    ['ten thousand places', place(10_000, 1.5), 250],
    ['places with long sums', place(370, 1e300), 150],
    ['places with long paths', { ['\u0001'.repeat(4000)]: place(1000, 1) }, 700],
    ['a hundred thousand places', place(100_000, 1), 150],
  ];
  return all.map(([name, body, budget]) => ({
    name,
    call: { query: `include=sum,count,paths${collapse}`, body, headers: { 'sum-key': key } },
    budget,
  }));
}

async function orders(world: World): Promise<Input[]> {
  const products = await Promise.all(Array.from({ length: 100 }, () => world.product()));
  const parts = products.map(({ id }) => ({ product: id, quantity_in_order: 1 }));
  return [{ name: 'an order of 100 products', call: { body: { parts } }, budget: 150 }];
}

/** Everything expensive that can be sent to an operation. */
export async function expensiveInputs(
  operation: { id: string; body: unknown },
  world: World,
): Promise<Input[]> {
  const plain = (await accessTable[operation.id]?.call?.(world, world.user)) ?? {};
  const large = operation.body && operation.id !== 'uploadImage' ? bodies() : [];
  const special = (await own[operation.id]?.(world)) ?? [];
  return [
    {
      name: 'a plain request',
      call: plain,
      budget: operation.id === 'uploadImage' ? 3 * PLAIN : PLAIN,
    },
    ...[...large, ...special].map((input) => ({ ...input, call: { ...plain, ...input.call } })),
  ];
}
