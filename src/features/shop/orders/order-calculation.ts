import type { FieldError } from '../../../http/problem.ts';
import { shopProblems } from '../problems.ts';
import { hasUsageLimit, ineligibilityReason, termsOf } from '../promotions/eligibility.ts';
import { type Part, type Pricing, priceParts } from '../promotions/pricing.ts';
import type { PromotionRow } from '../promotions/repository.ts';
import type { Repositories } from '../store.ts';
import type { OrderRequest } from './schemas.ts';

/** An order as it would be now. Nothing is taken from the stock yet. */
export interface OrderCalculation {
  /** One entry for each product. */
  parts: (Part & { name: string })[];
  currency: string;
  pricing: Pricing;
  /** The promotions that reduce the total, in the order in which they do. */
  promotions: { row: PromotionRow; discount: number }[];
}

/** A promotion that runs, and the number of times that the user has used it. */
interface Candidate {
  row: PromotionRow;
  usesByUser: number;
}

/**
 * Calculates an order, without the promotions that are known to be used up. Runs in no transaction: orders share its
 * reads, and the statements that take the stock and count uses decide.
 *
 * @throws {Problem} `unknown_product`, `insufficient_stock`, `mixed_currencies`, `unknown_promo_code`,
 *   `promo_code_used_up`, `promo_code_not_applicable`
 */
export async function calculateOrder(
  repositories: Repositories,
  userId: string,
  request: OrderRequest,
  usedUp: ReadonlySet<string> = new Set(),
): Promise<OrderCalculation> {
  const quantities = quantitiesByProduct(request);
  const code = request.promo_code?.toUpperCase();
  const [products, candidates] = await Promise.all([
    findProducts(repositories, request, quantities),
    findCandidates(repositories, userId, code, usedUp),
  ]);
  const { currency } = products[0]!;
  if (products.some((product) => product.currency !== currency)) {
    throw shopProblems.mixedCurrencies();
  }
  const shortages = products.filter(({ quantity, available }) => quantity > available);
  if (shortages.length > 0) throw insufficientStock(shortages);
  return {
    parts: products,
    currency,
    ...applyPromotions(products, currency, code, candidates),
  };
}

/** Returns the quantity of each product, in the order in which they are first named. */
function quantitiesByProduct({ parts }: OrderRequest): Map<string, number> {
  const quantities = new Map<string, number>();
  for (const { product, quantity_in_order } of parts) {
    quantities.set(product, (quantities.get(product) ?? 0) + quantity_in_order);
  }
  return quantities;
}

async function findProducts(
  { products }: Repositories,
  request: OrderRequest,
  quantities: ReadonlyMap<string, number>,
) {
  const byId = await products.findForOrder([...quantities.keys()]);
  return [...quantities].map(([product, quantity]) => {
    const row = byId.get(product);
    if (!row) throw unknownProduct(request, product);
    const { name, price: unitPrice, currency, quantity_in_stock: available } = row;
    return { product, name, unitPrice, quantity, currency, available };
  });
}

async function findCandidates(
  { promotions, usage }: Repositories,
  userId: string,
  code: string | undefined,
  usedUp: ReadonlySet<string>,
): Promise<Candidate[]> {
  const running = await promotions.findRunning(code);
  const rows = running.filter(({ id }) => !usedUp.has(id));
  const limited = rows.filter(hasUsageLimit).map(({ id }) => id);
  const uses = await usage.findByUser(userId, limited);
  return rows.map((row) => ({ row, usesByUser: uses.get(row.id) ?? 0 }));
}

function applyPromotions(
  parts: Part[],
  currency: string,
  code: string | undefined,
  candidates: Candidate[],
): Pick<OrderCalculation, 'pricing' | 'promotions'> {
  const { subtotal } = priceParts(parts, []);
  const order = { currency, subtotal, products: parts.map(({ product }) => product) };
  const judged = candidates.map(({ row, usesByUser }) => ({
    row,
    reason: ineligibilityReason(row, order, usesByUser),
  }));
  const eligible = judged.filter(({ reason }) => !reason).map(({ row }) => row);
  const pricing = priceParts(parts, eligible.map(termsOf));
  const rows = new Map(eligible.map((row) => [row.id, row]));
  const promotions = pricing.applied.map(({ id, discount }) => ({ row: rows.get(id)!, discount }));
  if (code !== undefined && !promotions.some(({ row }) => row.code === code)) {
    const withCode = judged.find(({ row }) => row.code === code);
    if (!withCode) throw shopProblems.unknownPromoCode();
    throw (withCode.reason ?? shopProblems.promoCodeNotApplicable)();
  }
  return { pricing, promotions };
}

/** A product with the ordered quantity and the units in stock. */
interface Shortage {
  product: string;
  quantity: number;
  available: number;
}

export function insufficientStock(found: Shortage[]) {
  const shortages = found.map(({ product, quantity, available }) => ({
    product,
    requested: quantity,
    available,
  }));
  const { product, requested, available } = shortages[0]!;
  return shopProblems.insufficientStock(
    `Of the product ${product}, ${requested} units are ordered and ${available} are in stock. ` +
      'Nothing was taken; order less.',
    { members: { shortages } },
  );
}

export function unknownProduct({ parts }: OrderRequest, id: string) {
  const index = parts.findIndex(({ product }) => product === id);
  const errors: FieldError[] = [
    { path: `/parts/${index}/product`, message: 'is not in the catalogue' },
  ];
  return shopProblems.unknownProduct(undefined, { errors });
}
