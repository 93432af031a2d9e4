import { bodyExamples } from '../../http/body-examples.ts';
import { DEMO_IDS } from './demo-ids.ts';
import type { OrderRequest } from './orders/schemas.ts';
import type { NewProduct, ProductChanges } from './products/schemas.ts';
import type { NewPromotion, PromotionChanges } from './promotions/schemas.ts';

const basket: OrderRequest = {
  parts: [
    { product: DEMO_IDS.mug, quantity_in_order: 3 },
    { product: DEMO_IDS.notebook, quantity_in_order: 1 },
  ],
};
const order = bodyExamples({
  basket: ['Three mugs, and a notebook', basket],
  code: ['The same with a promo code', { ...basket, promo_code: 'WELCOME10' }],
});

const teapot: NewProduct = {
  name: 'Teapot',
  description: 'Cast iron, for a litre of tea.',
  category: 'kitchen',
  price: 4990,
  currency: 'EUR',
  quantity_in_stock: 50,
};
const description = 'Makes six small cups of strong coffee, also on induction hobs.';

/** In a summer to come, so that it changes no order of today. */
const summer = { starts: '2040-06-01T00:00:00Z', ends: '2040-09-01T00:00:00Z' };
const percentage: NewPromotion = {
  name: 'Summer: 5 % off',
  type: 'percentage',
  percentage: 5,
  ...summer,
};
const fixed: NewPromotion = {
  name: '10 euros off from 100',
  type: 'fixed',
  amount: 1000,
  currency: 'EUR',
  minimum_total: 10_000,
  ...summer,
};
const pots: NewPromotion = {
  name: 'Three moka pots for two',
  type: 'buy_x_get_y',
  buy: 2,
  get: 1,
  products: [DEMO_IDS.mokaPot],
  ...summer,
};

/** Examples that work against the demo catalogue. */
export const shopExamples = {
  order,
  status: bodyExamples({
    paid: ['Paid', { status: 'paid' }],
    shipped: ['Shipped, once it is paid', { status: 'shipped' }],
  }),
  product: bodyExamples({ teapot: ['A teapot', teapot] }),
  productChanges: bodyExamples({
    description: ['Another description', { description } satisfies ProductChanges],
    price: ['Another price', { price: 2990 } satisfies ProductChanges],
  }),
  stock: bodyExamples({
    delivery: ['A delivery of twenty', { delta: 20 }],
    breakage: ['One is broken', { delta: -1 }],
  }),
  promotion: bodyExamples({
    percentage: ['A percentage, for one summer', percentage],
    fixed: ['An amount, from a total on', fixed],
    buy_x_get_y: ['Every third one free', pots],
  }),
  promotionChanges: bodyExamples({
    name: ['Another name', { name: 'Summer: 5 % off everything' } satisfies PromotionChanges],
  }),
};
