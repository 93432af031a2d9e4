import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { expectJson, send } from '../../../helpers/accounts.ts';
import { describeOnEachDatabase } from '../../../helpers/databases.ts';
import { type Product, refusal, type Shop, shopOn } from '../../../helpers/shop.ts';

interface Page {
  count: number;
  next: string | null;
  previous: string | null;
  results: Product[];
}

const movementsOf = async (shop: Shop, { id }: { id: string }) =>
  expectJson<{ count: number; results: { delta: number; reason: string }[] }>(
    shop.admin('GET', `/products/${id}/stock`),
  );

describeOnEachDatabase('the catalogue', (database) => {
  const shop = shopOn(database);
  const list = async (query: string) =>
    expectJson<Page>(send(shop.server, 'GET', `/products?${query}`));
  const names = async (query: string) => (await list(query)).results.map(({ name }) => name);

  describe('administrators', () => {
    it('add products, which anyone can get', async () => {
      const body = {
        name: 'Zoë’s 李 pot',
        description: 'Two\nlines',
        sku: 'S-1',
        category: 'kitchen',
        price: 3490,
        currency: 'EUR',
        quantity_in_stock: 5,
        photos: ['https://images.example/1.jpg'],
      };
      const response = await shop.admin('POST', '/products', body);
      expect(response.status).toBe(201);
      const product = (await response.json()) as Product;
      expect(product).toEqual({
        ...body,
        id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-7/),
        version: 1,
        etag: '"1-5"',
        created: expect.stringMatching(/Z$/),
        updated: product.created,
      });
      const path = `/products/${product.id}`;
      expect(response.headers.get('location')).toBe(shop.server.url + path);
      expect(await expectJson(send(shop.server, 'GET', path))).toEqual(product);
      expect((await movementsOf(shop, product)).results).toMatchObject([
        { delta: 5, reason: 'created' },
      ]);
    });

    it('need to say no more than a name and a price', async () => {
      const body = { name: 'Plain', price: 0, currency: 'USD' };
      expect(await expectJson(shop.admin('POST', '/products', body), 201)).toMatchObject({
        description: '',
        sku: null,
        category: null,
        quantity_in_stock: 0,
        photos: [],
      });
    });

    it.each<[object, string]>([
      [{ name: ' ' }, '/name'],
      [{ name: 'a\u0000b' }, '/name'],
      ...['name', 'sku', 'category'].flatMap((member) =>
        [' a', 'a ', '\u00a0a', 'a\u3000'].map(
          (text) => [{ [member]: text }, `/${member}`] as [object, string],
        ),
      ),
      [{ name: 'half a pair \ud800' }, '/name'],
      [{ description: '\udfff' }, '/description'],
      [{ photos: ['https://images.example/\ud800'] }, '/photos/0'],
      [{ description: '\u0000' }, '/description'],
      [{ price: 1.5 }, '/price'],
      [{ price: -1 }, '/price'],
      [{ price: '5' }, '/price'],
      [{ price: 1e9 + 1 }, '/price'],
      [{ currency: 'eur' }, '/currency'],
      [{ quantity_in_stock: -1 }, '/quantity_in_stock'],
      [{ photos: ['not a URL'] }, '/photos/0'],
      [{ photos: ['javascript:alert(1)'] }, '/photos/0'],
      [{ photos: Array(11).fill('https://images.example/1.jpg') }, '/photos'],
      [{ colour: 'red' }, '/colour'],
    ])('cannot add one with %j', async (wrong, path) => {
      const body = { name: 'x', price: 1, currency: 'EUR', ...wrong };
      const problem = await expectJson<{ errors: object[] }>(
        shop.admin('POST', '/products', body),
        400,
      );
      expect(problem.errors).toContainEqual(expect.objectContaining({ path }));
    });

    it('cannot give two products one SKU', async () => {
      await shop.product({ sku: 'twice' });
      const body = { name: 'x', price: 1, currency: 'EUR', sku: 'twice' };
      expect(await refusal(shop.admin('POST', '/products', body))).toEqual([409, 'sku_taken']);
    });

    it('change the version that they know, and no other', async () => {
      const { id } = await shop.product({ name: 'Old', sku: 'old' });
      const path = `/products/${id}`;
      const etag = (await shop.call('GET', path)).headers.get('etag')!;
      const patch = (body: object, headers: Record<string, string>) =>
        shop.admin('PATCH', path, body, headers);
      expect(await refusal(patch({ name: 'New' }, {}))).toEqual([428, 'precondition_required']);
      const response = await patch({ name: 'New', sku: null }, { 'if-match': etag });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ name: 'New', sku: null, version: 2 });
      for (const stale of [etag, `W/${response.headers.get('etag')}`, 'nonsense']) {
        const answer = patch({ name: 'Newer' }, { 'if-match': stale });
        expect(await refusal(answer)).toEqual([412, 'precondition_failed']);
      }
      await expectJson(patch({ name: 'Newer' }, { 'if-match': response.headers.get('etag')! }));
      await expectJson(patch({ name: 'Newest' }, { 'if-match': '*' }));
      const list = (...versions: number[]) =>
        versions.map((version) => `"${version}-10"`).join(', ');
      const several = { 'if-match': `W/"4-10", ${list(4, 9, 2)}, "a,b"` };
      expect(await expectJson(patch({ name: 'Newer' }, several))).toMatchObject({ version: 5 });
      await expectJson(patch({ name: 'Newest' }, { 'if-match': list(5) }));
      for (const none of [list(5, 7), `W/"6-10", ${list(5)}`, `*, ${list(5)}`, '']) {
        const answer = patch({ name: 'Never' }, { 'if-match': none });
        expect(await refusal(answer)).toEqual([412, 'precondition_failed']);
      }
      expect(await names('search=newest')).toEqual(['Newest']);
      expect(await names('search=old')).toEqual([]);
    });

    it('change a product with its member etag, wherever they have it from', async () => {
      const product = await shop.product({ name: 'Tagged' });
      const path = `/products/${product.id}`;
      let { etag } = product;
      const changeWith = async (tag: string) => {
        const response = await shop.admin('PATCH', path, { price: 1 }, { 'if-match': tag });
        const changed = await expectJson<Product>(Promise.resolve(response));
        expect(response.headers.get('etag')).toBe(changed.etag);
        return changed.etag;
      };
      etag = await changeWith(etag);
      const moved = await shop.admin('POST', `${path}/stock`, { delta: 1 });
      expect(moved.headers.get('etag')).toBe(((await moved.json()) as Product).etag);
      const got = await shop.call('GET', path);
      expect(got.headers.get('etag')).toBe(((await got.json()) as Product).etag);
      etag = await changeWith(etag);
      const listed = (await list('search=tagged')).results[0]!;
      expect(listed).toEqual(await expectJson(shop.call('GET', path)));
      await changeWith(listed.etag);
    });

    it('of ten who change one version at once, one succeeds', async () => {
      const { id } = await shop.product();
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, price) =>
          shop.admin('PATCH', `/products/${id}`, { price }, { 'if-match': '"1-10"' }),
        ),
      );
      const statuses = answers.map(({ status }) => status).toSorted();
      expect(statuses).toEqual([200, ...Array(9).fill(412)]);
    });

    it('move stock, and every movement is in the ledger', async () => {
      const product = await shop.product({ quantity_in_stock: 3 });
      const move = (delta: unknown) =>
        shop.admin('POST', `/products/${product.id}/stock`, { delta });
      expect(await expectJson(move(4))).toMatchObject({ quantity_in_stock: 7, version: 1 });
      expect(await expectJson(move(-7))).toMatchObject({ quantity_in_stock: 0 });
      expect(await expectJson(move(-1), 400)).toMatchObject({
        code: 'insufficient_stock',
        shortages: [{ product: product.id, requested: 1, available: 0 }],
      });
      expect(await expectJson(move(1_000_000_000_000))).toMatchObject({
        quantity_in_stock: 1_000_000_000_000,
      });
      expect(await refusal(move(1))).toEqual([400, 'validation_failed']);
      expect(await refusal(move(0))).toEqual([400, 'validation_failed']);
      expect(await refusal(move('1'))).toEqual([400, 'validation_failed']);
      const { count, results } = await movementsOf(shop, product);
      expect(count).toBe(4);
      expect(results.map(({ delta, reason }) => [delta, reason])).toEqual([
        [1_000_000_000_000, 'adjusted'],
        [-7, 'adjusted'],
        [4, 'adjusted'],
        [3, 'created'],
      ]);
    });

    it('remove products; the ledger stays', async () => {
      const product = await shop.product({ name: 'Ephemeral', sku: 'gone' });
      const path = `/products/${product.id}`;
      expect((await shop.admin('DELETE', path)).status).toBe(204);
      for (const method of ['GET', 'DELETE']) {
        expect(await refusal(shop.admin(method, path))).toEqual([404, 'product_not_found']);
      }
      const change = shop.admin('PATCH', path, { price: 1 }, { 'if-match': '*' });
      expect(await refusal(change)).toEqual([404, 'product_not_found']);
      const move = shop.admin('POST', `${path}/stock`, { delta: 1 });
      expect(await refusal(move)).toEqual([404, 'product_not_found']);
      expect(await names('search=ephemeral')).toEqual([]);
      const { results } = await movementsOf(shop, product);
      expect(results.map(({ delta }) => delta)).toEqual([-10, 10]);
      await shop.product({ sku: 'gone' });
    });

    it('are the only ones who do so', async () => {
      const { id } = await shop.product();
      const requests: [string, string, object?][] = [
        ['POST', '/products', { name: 'x', price: 1, currency: 'EUR' }],
        ['PATCH', `/products/${id}`, { price: 1 }],
        ['DELETE', `/products/${id}`],
        ['POST', `/products/${id}/stock`, { delta: 1 }],
        ['GET', `/products/${id}/stock`],
      ];
      for (const [method, path, body] of requests) {
        expect(await refusal(shop.call(method, path, body))).toEqual([403, 'insufficient_scope']);
        const nobody = send(shop.server, method, path, { body });
        expect(await refusal(nobody)).toEqual([401, 'missing_token']);
      }
    });
  });

  it('is kept from less than nothing in stock by the database itself', async () => {
    const { id } = await shop.product();
    const update = shop.db.updateTable('products').set({ quantity_in_stock: -1 });
    await expect(update.where('id', '=', id).execute()).rejects.toThrow(/never_oversold/);
    expect(await shop.stockOf({ id })).toBe(10);
  });

  it('answers 304 to whoever has a product as it is, until it or its stock changes', async () => {
    const { id } = await shop.product();
    const get = (tag: string) =>
      shop.call('GET', `/products/${id}`, undefined, { 'if-none-match': tag });
    const etag = (await get('"other"')).headers.get('etag')!;
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const response = await get(tag);
      expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([
        304,
        etag,
        '',
      ]);
    }
    await shop.order({ [id]: 1 });
    expect((await get(etag)).status).toBe(200);
  });

  it('answers 404 to an id that no product has', async () => {
    const answer = shop.call('GET', `/products/${randomUUID()}`);
    expect(await refusal(answer)).toEqual([404, 'product_not_found']);
  });
});

describeOnEachDatabase('the list of products', (database) => {
  const shop = shopOn(database, { PUBLIC_URL: 'https://shop.example' });
  const list = async (query: string) =>
    expectJson<Page>(send(shop.server, 'GET', `/products?${query}`));
  const names = async (query: string) => (await list(query)).results.map(({ name }) => name);

  it('can be filtered, searched, ordered and paged', async () => {
    const add = (name: string, price: number, stock: number, members: object = {}) =>
      shop.product({ name, price, quantity_in_stock: stock, ...members });
    await add('Red mug', 900, 0, { category: 'kitchen', description: 'Stoneware, with a handle' });
    await add('Blue mug', 900, 5, { category: 'kitchen', description: 'Holds half a litre.' });
    await add('Café table', 25_000, 2, { category: 'furniture', description: 'Red oak' });
    await add('Tablet', 50_000, 7);

    expect(await names('ordering=name')).toEqual(['Blue mug', 'Café table', 'Red mug', 'Tablet']);
    expect(await names('ordering=-name')).toEqual(['Tablet', 'Red mug', 'Café table', 'Blue mug']);
    expect(await names('')).toEqual(['Tablet', 'Café table', 'Blue mug', 'Red mug']);
    expect(await names('ordering=created')).toEqual([
      'Red mug',
      'Blue mug',
      'Café table',
      'Tablet',
    ]);
    expect(await names('ordering=-quantity_in_stock&limit=2')).toEqual(['Tablet', 'Blue mug']);
    // Among equals, the lower id comes first, whichever way round.
    expect(await names('ordering=price&limit=2')).toEqual(['Red mug', 'Blue mug']);
    expect(await names('ordering=-price&page=2&limit=2')).toEqual(['Red mug', 'Blue mug']);

    expect(await names('min_price=901&max_price=25000')).toEqual(['Café table']);
    expect(await names('min_stock=2&max_stock=5&ordering=name')).toEqual([
      'Blue mug',
      'Café table',
    ]);
    expect(await names('in_stock=false')).toEqual(['Red mug']);
    expect(await names('in_stock=true&category=kitchen')).toEqual(['Blue mug']);
    expect(await names('category=Kitchen')).toEqual([]);

    expect(await names('search=mug+red')).toEqual(['Red mug']);
    expect(await names('search=RED&ordering=name')).toEqual(['Café table', 'Red mug']);
    expect(await names('search=cafe')).toEqual(['Café table']);
    expect(await names('search=tabl&ordering=name')).toEqual(['Café table', 'Tablet']);
    expect(await names('search=able')).toEqual([]);
    expect(await names('search=σοφος')).toEqual(await names('search=ΣΟΦΟΣ'));
    expect(await names('search=handle+blue')).toEqual([]);
    expect(await names('search=%25')).toEqual([]);
    expect((await list('search=')).count).toBe(4);

    const page = await list('limit=1&page=2&search=mug&in_stock=true&ordering=name');
    expect(page).toMatchObject({ count: 1, results: [], next: null });
    const middle = await list('limit=1&page=2&ordering=name&max_price=25000');
    expect(middle).toMatchObject({
      count: 3,
      next: 'https://shop.example/products?limit=1&page=3&ordering=name&max_price=25000',
      previous: 'https://shop.example/products?limit=1&page=1&ordering=name&max_price=25000',
      results: [{ name: 'Café table' }],
    });
    expect(await list('page=1000')).toMatchObject({ count: 4, results: [], next: null });
  });

  it('can be listed while it changes, with as many entries as are counted', async () => {
    let running = true;
    const change = async () => {
      while (running) {
        const { id } = await shop.product({ name: 'Coming and going' });
        await shop.admin('DELETE', `/products/${id}`);
      }
    };
    const changes = [change(), change(), change()];
    const differences: number[] = [];
    for (let turn = 0; turn < 60; turn++) {
      const query = turn % 2 ? 'limit=200' : 'limit=200&search=coming';
      const { count, results } = await list(query);
      differences.push(count - results.length);
    }
    running = false;
    await Promise.all(changes);
    expect(differences.filter((difference) => difference !== 0)).toEqual([]);
  });

  it.each([
    'page=0',
    'page=x',
    'page=1.5',
    'page=1&page=2',
    'limit=201',
    'limit=0',
    'min_price=-1',
    'min_price=',
    'max_price=abc',
    'in_stock=maybe',
    'ordering=colour',
    'ordering=price;drop',
    'category=%00',
    'category=kitchen%20',
    'category=%20kitchen',
    'search=%00',
    `search=${Array.from({ length: 11 }, (_, index) => `w${index}`).join('+')}`,
    'colour=red',
  ])('refuses %s', async (query) => {
    const answer = send(shop.server, 'GET', `/products?${query}`);
    expect(await refusal(answer)).toEqual([400, 'validation_failed']);
  });
});
