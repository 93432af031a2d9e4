import { beforeAll, describe, expect, it } from 'vitest';
import type { AccountTables } from '../../src/features/accounts/tables.ts';
import { expectJson, register, signIn } from '../helpers/accounts.ts';
import { describeOnEachDatabase } from '../helpers/databases.ts';
import { fixture, uploaded } from '../helpers/images.ts';
import { refusal, type Shop, shopOn } from '../helpers/shop.ts';

interface Page<Entry> {
  count: number;
  next: string | null;
  previous: string | null;
  after: string | null;
  results: Entry[];
}
type Entry = Record<string, unknown> & { id: string };

/** A list, and the ways in which its entries come and go. */
interface List {
  path: string;
  as?: 'admin' | 'customer';
  /** The member that identifies an entry. */
  key?: string;
  add(): Promise<unknown>;
  remove?(id: string): Promise<unknown>;
}

const DELETED = 204;
const withQuery = (path: string, query: string) => path + (path.includes('?') ? '&' : '?') + query;
const afterOf = (page: Page<Entry>) => `after=${encodeURIComponent(page.after!)}`;

/** Follows cursors from page to page, and returns the pages. */
async function walk(
  get: (path: string) => Promise<Page<Entry>>,
  path: string,
  between: (page: Page<Entry>) => Promise<unknown> = async () => undefined,
): Promise<Page<Entry>[]> {
  const pages: Page<Entry>[] = [await get(path)];
  for (let page = pages[0]!; page.after !== null; page = pages.at(-1)!) {
    await between(page);
    pages.push(await get(withQuery(path, afterOf(page))));
  }
  return pages;
}

/** Returns all lists but that of products. */
async function listsOf(shop: Shop): Promise<Record<string, List>> {
  const { people, server } = shop;
  const account = await register(server);
  const person = { ...account, token: (await signIn(server, account)).access_token };
  const product = await shop.product({ quantity_in_stock: 1000 });
  const owner = { token: people.customer };
  const imageOf = () => uploaded(server, owner, fixture('one-pixel.png'));
  await expectJson(shop.admin('PATCH', `/accounts/${people.customerId}`, { tier: 'enterprise' }));
  const { id: imageId } = await imageOf();
  const accounts = server.app.database.as<AccountTables>().db;
  const remove =
    (path: string, by: 'admin' | 'call' = 'call') =>
    (id: string) =>
      expectJson(shop[by]('DELETE', `${path}/${id}`), DELETED);
  const signInAgain = () => signIn(server, account);
  let number = 0;
  const unique = () => `l${++number}`;
  const order = () => shop.order({ [product.id]: 1 });
  return {
    movements: {
      path: `/products/${product.id}/stock`,
      as: 'admin',
      add: () => expectJson(shop.admin('POST', `/products/${product.id}/stock`, { delta: 1 })),
    },
    promotions: {
      path: '/promotions',
      as: 'admin',
      add: () => shop.promotion({ type: 'percentage', percentage: 1, code: unique() }),
      remove: remove('/promotions', 'admin'),
    },
    'current promotions': {
      path: '/promotions/current',
      add: () => shop.promotion({ type: 'percentage', percentage: 1 }),
      remove: remove('/promotions', 'admin'),
    },
    'own orders': { path: '/orders?status=placed', add: order },
    'all orders': { path: '/orders?all=true', as: 'admin', add: order },
    'accounts that are searched for': {
      path: '/accounts?search=walker',
      as: 'admin',
      add: () => register(server, { last_name: `Walker ${unique()}` }),
      remove: (id) =>
        accounts.updateTable('accounts').set({ deleted_at: 1 }).where('id', '=', id).execute(),
    },
    'audit events': {
      path: `/audit-events?subject=${person.id}`,
      as: 'admin',
      add: signInAgain,
      remove: (id) => accounts.deleteFrom('audit_events').where('id', '=', id).execute(),
    },
    tiers: {
      path: '/tiers',
      as: 'admin',
      key: 'name',
      add: () =>
        expectJson(shop.admin('POST', '/tiers', { name: unique(), thumbnail_heights: [100] }), 201),
      remove: async (name) => {
        const isOurs = name.startsWith('l');
        return isOurs && remove('/tiers', 'admin')(name);
      },
    },
    images: { path: '/images', add: imageOf, remove: remove('/images') },
    'links of an image': {
      path: `/images/${imageId}/links`,
      add: () =>
        expectJson(
          shop.call('POST', `/images/${imageId}/links`, { expiring_time_seconds: 300 }),
          201,
        ),
      remove: remove(`/images/${imageId}/links`),
    },
    sessions: {
      path: '/accounts/sessions',
      add: async () =>
        signIn(server, (await expectJson(shop.call('GET', '/accounts/me'))) as never),
      remove: async (id) => {
        const [current] = await expectJson<Page<Entry>>(
          shop.call('GET', '/accounts/sessions?limit=200'),
        ).then(({ results }) => results.filter((session) => session.current));
        return id !== current!.id && remove('/accounts/sessions')(id);
      },
    },
  };
}

const NAMES = [
  'movements',
  'promotions',
  'current promotions',
  'own orders',
  'all orders',
  'accounts that are searched for',
  'audit events',
  'tiers',
  'images',
  'links of an image',
  'sessions',
];

describeOnEachDatabase('lists', (database) => {
  const shop = shopOn(database, { PUBLIC_URL: 'https://shop.example' });
  let lists: Record<string, List>;
  beforeAll(async () => {
    lists = await listsOf(shop);
  });
  const getAs =
    (by: 'admin' | 'customer' = 'customer') =>
    (path: string) =>
      expectJson<Page<Entry>>(by === 'admin' ? shop.admin('GET', path) : shop.call('GET', path));

  it.each(NAMES)('give each entry once, while entries come and go: %s', async (name) => {
    const { path, as, key = 'id', add, remove } = lists[name]!;
    const get = getAs(as);
    const ids = (pages: Page<Entry>[]) =>
      pages.flatMap(({ results }) => results.map((entry) => String(entry[key])));
    for (let seeds = 0; seeds < 7; seeds++) await add();
    const whole = ids([await get(withQuery(path, 'limit=200'))]);
    const pages = await walk(get, withQuery(path, 'limit=2'), async ({ results }) => {
      // The entry of the cursor goes too.
      for (const entry of results) await remove?.(String(entry[key]));
      await add();
    });
    const seen = ids(pages);
    expect(new Set(seen).size).toBe(seen.length);
    expect(whole.filter((id) => !seen.includes(id))).toEqual([]);
    expect(pages.at(-1)).toMatchObject({ after: null, next: null });
  });

  it.each(NAMES)('refuse cursors that are not theirs: %s', async (name) => {
    const { path, as } = lists[name]!;
    const call = as === 'admin' ? shop.admin : shop.call;
    const products = await getAs()('/products?limit=1');
    const foreign = name === 'tiers' ? '/orders?limit=1' : '/tiers?limit=1';
    for (const after of [
      products.after!,
      (await getAs('admin')(foreign)).after!,
      '',
      'x',
      'bnVsbA',
      Buffer.from('["id desc"]').toString('base64url'),
      Buffer.from('["id desc",7]').toString('base64url'),
      Buffer.from('["id desc","ä"]').toString('base64url'),
      'a'.repeat(1201),
    ]) {
      const answer = call('GET', withQuery(path, `after=${after}`));
      expect(await refusal(answer), after).toEqual([400, 'validation_failed']);
    }
  });

  it('link to the next page with their filters, and refuse a page beside a cursor', async () => {
    const { add, path } = lists['own orders']!;
    for (let orders = 0; orders < 3; orders++) await add();
    const first = await getAs()(`${path}&limit=1`);
    expect(first.next).toBe(`https://shop.example${path}&limit=1&page=2`);
    const second = await getAs()(`${path}&limit=1&${afterOf(first)}`);
    expect(second).toMatchObject({
      count: first.count,
      previous: null,
      next: `https://shop.example${path}&limit=1&after=${second.after}`,
    });
    const both = shop.call('GET', `${path}&page=1&${afterOf(first)}`);
    expect(await expectJson(both, 400)).toMatchObject({
      code: 'validation_failed',
      errors: [{ path: '/after', message: 'must not be sent with page' }],
    });
    const byPage = await getAs()(`${path}&limit=1&page=2`);
    expect(byPage.results).toEqual(second.results);
    expect(byPage.after).toBe(second.after);
    expect((await getAs()(`${path}&page=100`)).after).toBeNull();
  });

  it('show to whoever has a cursor only what they may see', async () => {
    const { after } = await getAs('admin')('/orders?all=true&limit=1');
    const stranger = await shop.newCustomer();
    const answer = shop.call('GET', `/orders?after=${after}`, undefined, {
      authorization: `Bearer ${stranger}`,
    });
    expect(await expectJson(answer)).toMatchObject({ count: 0, results: [], after: null });
    const all = shop.call('GET', `/orders?all=true&after=${after}`);
    expect(await refusal(all)).toEqual([403, 'insufficient_scope']);
  });

  it('give orders of the same moment once', async () => {
    const customer = await shop.newCustomer();
    const headers = { authorization: `Bearer ${customer}` };
    const product = await shop.product({ quantity_in_stock: 100 });
    const body = { parts: [{ product: product.id, quantity_in_order: 1 }] };
    const placed: string[] = [];
    for (let count = 0; count < 5; count++) {
      placed.push((await expectJson<Entry>(shop.call('POST', '/orders', body, headers), 201)).id);
    }
    await shop.db.updateTable('orders').set({ created_at: 7 }).where('id', 'in', placed).execute();
    const get = (path: string) =>
      expectJson<Page<Entry>>(shop.call('GET', path, undefined, headers));
    const pages = await walk(get, '/orders?limit=2');
    expect(pages.flatMap(({ results }) => results.map(({ id }) => id))).toEqual(
      placed.toReversed(),
    );
  });
});

const ORDERINGS = ['name', 'price', 'quantity_in_stock', 'created'].flatMap((member) => [
  member,
  `-${member}`,
]);

describeOnEachDatabase('the list of products, by cursor', (database) => {
  const shop = shopOn(database);
  const get = (path: string) => expectJson<Page<Entry>>(shop.call('GET', path));
  const idsOf = (pages: Page<Entry>[]) => pages.flatMap(({ results }) => results.map((p) => p.id));
  /** Sort differently by code points, by UTF-16, by letters, or regardless of case, accents and blanks. */
  const names = ['a', 'A', 'a', 'B', 'ä', 'a b', 'ab', '😀', '\uff5a', 'é', '"\\', 'e\u0301'];
  beforeAll(async () => {
    const ids: string[] = [];
    for (const [index, name] of [...names, '😀'.repeat(200), '😀'.repeat(200)].entries()) {
      const members = { name, price: [5, 7, 1_000_000_000][index % 3], description: 'walk' };
      ids.push((await shop.product({ ...members, quantity_in_stock: index % 2 })).id);
    }
    const sameTime = ids.slice(0, 9);
    const products = shop.db.updateTable('products').set({ created_at: 1_700_000_000_000 });
    await products.where('id', 'in', sameTime).execute();
  });

  describe.each(['', '&search=walk&in_stock=true'])('with the filters "%s"', (filters) => {
    it.each(ORDERINGS)('has each product once, in the order of %s', async (ordering) => {
      const path = `/products?ordering=${ordering}${filters}`;
      const whole = await get(`${path}&limit=200`);
      expect(whole.results.length).toBeGreaterThan(4);
      for (const limit of [1, 3, whole.count - 1, whole.count]) {
        const pages = await walk(get, `${path}&limit=${limit}`);
        expect(idsOf(pages)).toEqual(whole.results.map(({ id }) => id));
        expect(pages).toHaveLength(Math.ceil(whole.count / limit));
        expect(new Set(pages.map(({ count }) => count))).toEqual(new Set([whole.count]));
      }
    });

    it.each(ORDERINGS)('loses none when others come and go, by %s', async (ordering) => {
      const path = `/products?ordering=${ordering}${filters}`;
      const whole = await get(`${path}&limit=200`);
      const added: string[] = [];
      const pages = await walk(get, `${path}&limit=3`, async ({ results }) => {
        const { name, price, quantity_in_stock } = results.at(-1)!;
        const members = { name, price, quantity_in_stock, description: 'walk' };
        for (const neighbour of [members, { ...members, name: '!', price: 0 }]) {
          added.push((await shop.product(neighbour)).id);
        }
      });
      const seen = idsOf(pages);
      expect(new Set(seen).size).toBe(seen.length);
      const old = whole.results.map(({ id }) => id);
      expect(seen.filter((id) => !added.includes(id))).toEqual(old);
      for (const id of added) await expectJson(shop.admin('DELETE', `/products/${id}`), DELETED);
    });
  });

  it('goes on after a product that was deleted or changed', async () => {
    const doomed = await shop.product({ name: 'b' });
    const first = await get('/products?ordering=name&limit=200');
    const index = first.results.findIndex(({ id }) => id === doomed.id);
    const page = await get(`/products?ordering=name&limit=${index + 1}`);
    await expectJson(shop.admin('DELETE', `/products/${doomed.id}`), DELETED);
    const rest = await get(`/products?ordering=name&limit=200&${afterOf(page)}`);
    expect(rest.results).toEqual(first.results.slice(index + 1));
  });

  it('refuses a cursor of another order, and values of another kind', async () => {
    const { after } = await get('/products?ordering=name&limit=1');
    const forged = (...values: unknown[]) =>
      Buffer.from(JSON.stringify(values)).toString('base64url');
    const wrong: [string, string][] = [
      ['-name', after!],
      ['price', after!],
      ['name', forged('name asc,id asc', 'a\u0000', 'x')],
      ['name', forged('name asc,id asc', '\ud800', 'x')],
      ['name', forged('name asc,id asc', 7, 'x')],
      ['price', forged('price asc,id asc', '7', 'x')],
      ['price', forged('price asc,id asc', 7.5, 'x')],
      ['price', forged('price asc,id asc', 1e300, 'x')],
      ['price', forged('price asc,id asc', 7, "x'")],
      ['price', forged('price asc,id asc', 7)],
      ['price', forged('price asc,id asc', 7, 'x', 'y')],
    ];
    for (const [ordering, cursor] of wrong) {
      const answer = shop.call('GET', `/products?ordering=${ordering}&after=${cursor}`);
      expect(await refusal(answer), cursor).toEqual([400, 'validation_failed']);
    }
  });
});
