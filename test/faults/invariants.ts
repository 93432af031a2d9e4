import { loadConfig } from '../../src/config.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { me, PASSWORD } from '../helpers/accounts.ts';
import { runToEnd } from '../helpers/process.ts';
import type { Load } from './load.ts';
import type { Site } from './site.ts';

/** Checks, once a fault is over, that what clients were told is what is stored; returns what is wrong. */
export async function findViolations(site: Site, load: Load): Promise<string[]> {
  return [
    ...load.findings(),
    ...(await compareWrites(site, load)),
    ...(await balance(site)),
    ...(await endedSessionsThatWork(site, load)),
    ...(await orphans(site)),
    ...secretsIn(site, load),
  ];
}

async function compareWrites({ db }: Site, { journals, ordered, moved }: Load): Promise<string[]> {
  const parts = await db
    .selectFrom('order_parts')
    .where(
      'product_id',
      'in',
      ordered.map(({ id }) => id),
    )
    .select(['product_id', 'quantity'])
    .execute();
  const orders = parts.map(({ product_id, quantity }) => `${product_id} × ${quantity}`);
  const movements = await db
    .selectFrom('stock_movements')
    .where('product_id', '=', moved.id)
    .where('reason', '=', 'adjusted')
    .select('delta')
    .execute();
  const accounts = await db.selectFrom('accounts').select('email').execute();
  const originals = await db
    .selectFrom('image_files')
    .where('size', '=', 'original')
    .select(['width', 'height'])
    .execute();
  return [
    ...journals.orders.compare(orders),
    ...journals.repeatedOrders.compare(orders),
    ...journals.movements.compare(movements.map(({ delta }) => String(delta))),
    ...journals.registrations.compare(accounts.map(({ email }) => String(email))),
    ...journals.uploads.compare(originals.map(({ width, height }) => `${width} × ${height}`)),
  ];
}

/** Orders, the ledger and the stock say the same of every product. */
async function balance({ db }: Site): Promise<string[]> {
  const totals = (rows: { id: string; total: unknown }[]) =>
    new Map(rows.map(({ id, total }) => [id, Number(total)]));
  const ledger = db
    .selectFrom('stock_movements')
    .select(({ fn }) => ['product_id as id', fn.sum('delta').as('total')])
    .groupBy('product_id');
  const all = totals(await ledger.execute());
  const forOrders = totals(await ledger.where('reason', 'in', ['ordered', 'cancelled']).execute());
  const ordered = totals(
    await db
      .selectFrom('order_parts')
      .innerJoin('orders', 'orders.id', 'order_parts.order_id')
      .where('status', '!=', 'cancelled')
      .select(({ fn }) => ['product_id as id', fn.sum('quantity').as('total')])
      .groupBy('product_id')
      .execute(),
  );
  const products = await db.selectFrom('products').select(['id', 'quantity_in_stock']).execute();
  return products.flatMap(({ id, quantity_in_stock: stock }) => [
    ...(all.get(id) === stock ? [] : [`stock is ${stock}, and the ledger ${all.get(id)}`]),
    ...(-(forOrders.get(id) ?? 0) === (ordered.get(id) ?? 0)
      ? []
      : [`orders took ${ordered.get(id)}, and the ledger has ${forOrders.get(id)}`]),
  ]);
}

async function endedSessionsThatWork(site: Site, { endedSessions }: Load): Promise<string[]> {
  const statuses = await Promise.all(
    endedSessions.slice(-100).map(async (token) => (await me(site, token)).status),
  );
  return statuses
    .filter((status) => status !== 401)
    .map((status) => `an ended session gets ${status}`);
}

/** After the sweep, the storage has the objects of the database and no others. */
async function orphans({ db, environment }: Site): Promise<string[]> {
  const swept = await runToEnd(
    'scripts/collect-garbage',
    ['--older-than', '0', '--run'],
    environment,
  );
  if (swept.code !== 0) return [`the sweep failed: ${swept.stderr}`];
  const rows = await db.selectFrom('image_files').select('object_key').execute();
  const known = new Set(rows.map(({ object_key }) => object_key));
  const storage = openStorage(loadConfig(environment).storage);
  const stored = new Set<string>();
  for await (const { key } of storage.list('images/')) stored.add(key);
  storage.close();
  return [
    ...[...known].filter((key) => !stored.has(key)).map((key) => `the object ${key} is missing`),
    ...[...stored].filter((key) => !known.has(key)).map((key) => `the object ${key} is orphaned`),
  ];
}

/** Neither passwords nor e-mail addresses nor tokens reach the log. */
function secretsIn(site: Site, { journals }: Load): string[] {
  const logs = site.logs();
  const secrets = [PASSWORD, 'eyJ', '@example.com', '$argon2'];
  return [
    ...secrets.filter((secret) => logs.includes(secret)).map((secret) => `the log has ${secret}`),
    ...(journals.registrations.count('acknowledged') > 0 ? [] : ['nobody registered']),
  ];
}
