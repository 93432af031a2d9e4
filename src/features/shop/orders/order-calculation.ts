import { shopProblems } from '../problems.ts';
import { isLimited, obstacleOf, offerOf } from '../promotions/eligibility.ts';
import { type Line, type Pricing, price } from '../promotions/pricing.ts';
import type { PromotionRow } from '../promotions/repository.ts';
import type { Repositories } from '../store.ts';
import type { OrderRequest } from './schemas.ts';

/** What an order would be, as things stand. Nothing is taken yet. */
export interface Draft {
  /** One for each product. */
  lines: (Line & { name: string })[];
  currency: string;
  pricing: Pricing;
  /** Offers that reduce it, in the order in which they do. */
  promotions: { row: PromotionRow; discount: number }[];
}

/**
 * Works out an order.
 *
 * @param exhausted offers that turned out to be used up.
 * @throws {Problem} each of the reasons why there is no such order.
 */
export async function draftOrder(
  { products, promotions }: Repositories,
  userId: string,
  request: OrderRequest,
  exhausted: ReadonlySet<string> = new Set(),
): Promise<Draft> {
  const quantities = merge(request);
  const rows = new Map(
    (await products.findForOrder([...quantities.keys()])).map((row) => [row.id, row]),
  );
  const unknown = request.parts.findIndex(({ product }) => !rows.has(product));
  if (unknown >= 0) throw unknownProduct(unknown);
  const { currency } = rows.get(request.parts[0]!.product)!;
  if ([...rows.values()].some((row) => row.currency !== currency)) {
    throw shopProblems.mixedCurrencies();
  }
  const lines = [...quantities].map(([id, quantity]) => {
    const { name, price: unitPrice } = rows.get(id)!;
    return { product: id, name, unitPrice, quantity };
  });
  // This spares the work where it is plainly in vain; whether there is enough is decided when it is taken.
  const shortages = lines
    .map(({ product, quantity }) => shortage(product, quantity, rows.get(product)!))
    .filter(({ requested, available }) => requested > available);
  if (shortages.length > 0) throw insufficientStock(shortages);
  const code = request.promo_code?.toUpperCase();
  const running = (await promotions.findRunning(code, Date.now())).filter(
    ({ id }) => !exhausted.has(id),
  );
  const uses = await promotions.usesOf(
    userId,
    running.filter(isLimited).map(({ id }) => id),
  );
  return { lines, currency, ...reduce(lines, currency, code, running, uses) };
}

/** The quantity of each product, in the order in which they are first named. */
function merge({ parts }: OrderRequest): Map<string, number> {
  const quantities = new Map<string, number>();
  for (const { product, quantity_in_order } of parts) {
    quantities.set(product, (quantities.get(product) ?? 0) + quantity_in_order);
  }
  return quantities;
}

function reduce(
  lines: Line[],
  currency: string,
  code: string | undefined,
  running: PromotionRow[],
  uses: Map<string, number>,
): Pick<Draft, 'pricing' | 'promotions'> {
  const { subtotal } = price(lines, []);
  const facts = { currency, subtotal, products: lines.map(({ product }) => product) };
  const judged = running.map((row) => ({
    row,
    obstacle: obstacleOf(row, facts, uses.get(row.id) ?? 0),
  }));
  const open = judged.filter(({ obstacle }) => !obstacle).map(({ row }) => row);
  const pricing = price(lines, open.map(offerOf));
  const rows = new Map(open.map((row) => [row.id, row]));
  const promotions = pricing.applied.map(({ id, discount }) => ({ row: rows.get(id)!, discount }));
  if (code !== undefined && !promotions.some(({ row }) => row.code === code)) {
    const ofCode = judged.find(({ row }) => row.code === code);
    if (!ofCode) throw shopProblems.unknownPromoCode();
    throw (ofCode.obstacle ?? shopProblems.promoCodeNotApplicable)();
  }
  return { pricing, promotions };
}

interface Shortage {
  product: string;
  requested: number;
  available: number;
}

export function shortage(
  product: string,
  requested: number,
  { quantity_in_stock }: { quantity_in_stock: number },
): Shortage {
  return { product, requested, available: quantity_in_stock };
}

export function insufficientStock(shortages: Shortage[]) {
  const { product, requested, available } = shortages[0]!;
  return shopProblems.insufficientStock(
    `Of the product ${product}, ${requested} are asked for and ${available} in stock. Nothing was taken.`,
    { members: { shortages } },
  );
}

export function unknownProduct(index: number) {
  const errors = [{ path: `/parts/${index}/product`, message: 'is not in the catalogue' }];
  return shopProblems.unknownProduct(undefined, { errors });
}
