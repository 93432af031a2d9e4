/** Times are milliseconds since 1970; amounts are minor units of the currency beside them. */
export interface ShopTables {
  products: ProductsTable;
  product_words: ProductWordsTable;
  stock_movements: StockMovementsTable;
  promotions: PromotionsTable;
  promotion_uses: PromotionUsesTable;
  orders: OrdersTable;
  order_parts: OrderPartsTable;
  order_promotions: OrderPromotionsTable;
}

export interface ProductsTable {
  id: string;
  name: string;
  description: string;
  sku: string | null;
  category: string | null;
  price: number;
  currency: string;
  /** Never below 0, which a constraint of the database ensures too. */
  quantity_in_stock: number;
  /** A JSON array of URLs. */
  photos: string;
  /** Increases with each update of the product, but not with its stock. */
  version: number;
  created_at: number;
  updated_at: number;
}

/** The words of names and descriptions, for searches. */
interface ProductWordsTable {
  word: string;
  product_id: string;
}

export const MOVEMENT_REASONS = ['created', 'adjusted', 'ordered', 'cancelled', 'deleted'] as const;
export type MovementReason = (typeof MOVEMENT_REASONS)[number];

/** The ledger: the deltas of a product add up to its stock. */
export interface StockMovementsTable {
  id: string;
  product_id: string;
  delta: number;
  reason: MovementReason;
  order_id: string | null;
  /** The account that moved it; null is the demo catalogue. */
  actor_id: string | null;
  created_at: number;
}

export const PROMOTION_TYPES = ['percentage', 'fixed', 'buy_x_get_y'] as const;
export type PromotionType = (typeof PROMOTION_TYPES)[number];

export interface PromotionsTable {
  id: string;
  name: string;
  type: PromotionType;
  /** In capitals. */
  code: string | null;
  percentage: number | null;
  amount: number | null;
  buy_quantity: number | null;
  get_quantity: number | null;
  currency: string | null;
  minimum_total: number | null;
  starts_at: number | null;
  ends_at: number | null;
  /** A JSON array of product ids; null is all products. */
  products: string | null;
  usage_limit: number | null;
  usage_limit_per_user: number | null;
  /** Orders with the promotion, except cancelled ones; counted only while it has a usage limit. */
  uses: number;
  created_at: number;
  updated_at: number;
}

interface PromotionUsesTable {
  promotion_id: string;
  user_id: string;
  uses: number;
}

export const ORDER_STATUSES = ['placed', 'paid', 'shipped', 'delivered', 'cancelled'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

export interface OrdersTable {
  id: string;
  user_id: string;
  status: OrderStatus;
  currency: string;
  subtotal: number;
  discount: number;
  total: number;
  created_at: number;
  updated_at: number;
}

/** A product as it was when it was ordered. */
export interface OrderPartsTable {
  order_id: string;
  position: number;
  product_id: string;
  product_name: string;
  quantity: number;
  unit_price: number;
  discount: number;
  total: number;
}

/** A promotion as it was when it reduced the order. */
export interface OrderPromotionsTable {
  order_id: string;
  position: number;
  promotion_id: string;
  name: string;
  type: PromotionType;
  code: string | null;
  discount: number;
  /** 1 if the order counts as a use, which cancelling it takes back; else 0. */
  counted: number;
}
