import type { Database } from '../../database/database.ts';
import { Problem } from '../../http/problem.ts';
import { createIdempotency } from '../../idempotency/idempotency.ts';
import type { IdempotencyTables } from '../../idempotency/tables.ts';
import { demoId } from './demo-ids.ts';
import { shopProblems } from './problems.ts';
import type { NewProduct } from './products/schemas.ts';
import { createProductService } from './products/service.ts';
import type { NewPromotion } from './promotions/schemas.ts';
import { createPromotionService } from './promotions/service.ts';
import { createStore } from './store.ts';
import type { ShopTables } from './tables.ts';

/** Adds the missing part of the demo catalogue, and returns the number of products and promotions added. */
export async function addDemoCatalogue(database: Database<ShopTables>) {
  const idempotency = createIdempotency(database.as<IdempotencyTables>(), 0);
  const store = createStore(database, idempotency);
  const products = createProductService(store);
  const promotions = createPromotionService(store);
  const added = { products: 0, promotions: 0 };
  for (const [position, product] of PRODUCTS.entries()) {
    const id = demoId(position);
    // A database names any of the violated constraints for a product that is there, not always the one of its SKU.
    if (await store.products.find(id)) continue;
    const created = await products.create({ ...product, id }, null).catch(ignoreDuplicate);
    if (!created) continue;
    added.products++;
    // This promotion has no code by which a second run could recognise it, so it comes with its product.
    if (product.sku !== MUG) continue;
    await promotions.create({ ...THREE_FOR_TWO, products: [created.result.id] });
    added.promotions++;
  }
  for (const promotion of PROMOTIONS) {
    if (await promotions.create(promotion).catch(ignoreDuplicate)) added.promotions++;
  }
  return added;
}

const DUPLICATES = [shopProblems.skuTaken.code, shopProblems.promoCodeTaken.code];

function ignoreDuplicate(error: unknown): undefined {
  if (!(error instanceof Problem && DUPLICATES.includes(error.code))) throw error;
}

const product = (
  sku: string,
  category: string,
  name: string,
  price: number,
  description: string,
): NewProduct => ({
  sku,
  category,
  name,
  price,
  description,
  currency: 'EUR',
  quantity_in_stock: 100,
});

const MUG = 'DEMO-KIT-2';

const PRODUCTS: NewProduct[] = [
  product('DEMO-KIT-1', 'kitchen', 'Moka pot', 3490, 'Makes six small cups of strong coffee.'),
  product(MUG, 'kitchen', 'Stoneware mug', 1290, 'Holds a third of a litre. Glazed in blue.'),
  product('DEMO-KIT-3', 'kitchen', 'Bread knife', 4250, 'A serrated blade of 25 centimetres.'),
  product('DEMO-KIT-4', 'kitchen', 'Oak chopping board', 3900, 'Cut from one piece, and oiled.'),
  product('DEMO-DSK-1', 'desk', 'Fountain pen', 5900, 'A steel nib, and a converter for ink.'),
  product('DEMO-DSK-2', 'desk', 'Notebook', 1450, '192 dotted pages that lie flat.'),
  product('DEMO-DSK-3', 'desk', 'Desk lamp', 8900, 'Warm light, dimmed without steps.'),
  product('DEMO-DSK-4', 'desk', 'Pencils, a dozen', 990, 'Graphite, HB, in cedar.'),
  product('DEMO-GDN-1', 'garden', 'Watering can', 2790, 'Galvanised steel; holds eight litres.'),
  product('DEMO-GDN-2', 'garden', 'Secateurs', 3650, 'For shoots of up to two centimetres.'),
  product('DEMO-GDN-3', 'garden', 'Seeds: meadow flowers', 490, 'Enough for ten square metres.'),
  product('DEMO-GDN-4', 'garden', 'Café chair', 11_900, 'Folds. Beech, and steel painted green.'),
];

const THREE_FOR_TWO: NewPromotion = {
  name: 'Three mugs for two',
  type: 'buy_x_get_y',
  buy: 2,
  get: 1,
};

const PROMOTIONS: NewPromotion[] = [
  {
    name: 'Welcome: 10 % off',
    type: 'percentage',
    percentage: 10,
    code: 'WELCOME10',
    usage_limit_per_user: 1,
  },
  {
    name: '5 euros off from 50',
    type: 'fixed',
    amount: 500,
    currency: 'EUR',
    minimum_total: 5000,
    code: 'MINUS5',
  },
];
