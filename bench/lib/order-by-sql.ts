import { v7 as uuidv7 } from 'uuid';
import type { Driver } from './driver.ts';

const SESSION = `select accounts.id, username, role, tier from sessions
  inner join accounts on accounts.id = sessions.account_id
  where sessions.id = ? and sessions.expires_at > ? and sessions.used_at > ? and accounts.disabled_at is null`;
const PRODUCT = 'select id, name, price, currency, quantity_in_stock from products where id in (?)';
const PROMOTIONS = `select * from promotions where (code is null or code = null)
  and (starts_at is null or starts_at <= ?) and (ends_at is null or ends_at > ?)`;
const ORDER = `insert into orders (id, user_id, status, currency, subtotal, discount, total, created_at, updated_at)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const PART = `insert into order_parts
  (order_id, position, product_id, product_name, quantity, unit_price, discount, total)
  values (?, ?, ?, ?, ?, ?, ?, ?)`;
const MOVEMENT = `insert into stock_movements (id, product_id, delta, reason, order_id, actor_id, created_at)
  values (?, ?, ?, ?, ?, ?, ?)`;
const STOCK =
  'update products set quantity_in_stock = quantity_in_stock - 1 where id = ? and quantity_in_stock >= ?';

/** The statements of an order of one unit, the check of the session included. */
export async function orderBySql(driver: Driver, product: string, session: string): Promise<void> {
  const now = Date.now();
  await driver.run(SESSION, [session, now, 0]);
  await driver.transaction(async (run) => {
    const id = uuidv7();
    const user = session;
    const rows = await run(PRODUCT, [product]);
    const { name, price, currency } = rows[0] as { name: string; price: number; currency: string };
    await run(PROMOTIONS, [now, now]);
    await run(ORDER, [id, user, 'placed', currency, price, 0, price, now, now]);
    await run(PART, [id, 0, product, name, 1, price, 0, price]);
    await run(MOVEMENT, [uuidv7(), product, -1, 'ordered', id, user, now]);
    await run(STOCK, [product, 1]);
  });
}

const COUNT = 'select count(*) as count from products where quantity_in_stock > ?';
const PAGE = `select products.* from
  (select id from products where quantity_in_stock > ? order by price, id limit ? offset ?) page
  inner join products on products.id = page.id order by products.price, products.id`;

/** One page of the products that are in stock, by price, and how many there are. */
export async function pageBySql(driver: Driver, page: number, limit: number): Promise<void> {
  await driver.run(COUNT, [0]);
  await driver.run(PAGE, [0, limit, (page - 1) * limit]);
}
