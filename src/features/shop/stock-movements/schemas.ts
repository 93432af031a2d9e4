import { type Static, Type } from '@sinclair/typebox';
import { nullable, oneOf, time, uuid } from '../../../http/fields.ts';
import { pageOf } from '../../../http/pages.ts';
import { EXAMPLE_PRODUCT, MAX_STOCK } from '../products/schemas.ts';
import { MOVEMENT_REASONS } from '../tables.ts';

export const StockChangeSchema = Type.Object(
  {
    delta: Type.Integer({
      minimum: -MAX_STOCK,
      maximum: MAX_STOCK,
      not: { enum: [0] },
      description: 'Units to add; a negative number removes units.',
    }),
  },
  {
    $id: 'StockChange',
    additionalProperties: false,
    description: 'A movement of stock other than by an order.',
  },
);

const StockMovementSchema = Type.Object(
  {
    id: uuid('The id of the movement.'),
    product: uuid('The product.'),
    delta: Type.Integer({ description: 'Units added; a negative number is units removed.' }),
    reason: oneOf(MOVEMENT_REASONS, 'The reason.'),
    order: nullable(uuid('The order that took the units or gave them back.')),
    actor: nullable(uuid('The account that moved them; null is the demo catalogue.')),
    created: time('The time of the movement.'),
  },
  { $id: 'StockMovement', description: 'An entry of the stock ledger.' },
);
export type StockMovement = Static<typeof StockMovementSchema>;

export const StockMovementPageSchema = pageOf(
  'StockMovementPage',
  StockMovementSchema,
  'A page of the stock ledger of a product, the latest movement first.',
);

export const EXAMPLE_MOVEMENT: StockMovement = {
  id: '0199a1f0-3c5e-7b1a-9f5e-2f6f0f1c7d3b',
  product: EXAMPLE_PRODUCT.id,
  delta: 50,
  reason: 'created',
  order: null,
  actor: '0199a1f0-0000-7b1a-9f5e-2f6f0f1c7d3c',
  created: '2026-01-02T03:04:05.678Z',
};

export const stockMovementSchemas = [
  StockChangeSchema,
  StockMovementSchema,
  StockMovementPageSchema,
];
