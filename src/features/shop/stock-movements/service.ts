import type { Slice } from '../../../database/keyset.ts';
import { problems } from '../../../http/problem.ts';
import type { Claim } from '../../../idempotency/claim.ts';
import { shopProblems } from '../problems.ts';
import type { ProductRow } from '../products/repository.ts';
import { MAX_STOCK } from '../products/schemas.ts';
import { getProduct } from '../products/service.ts';
import type { Store } from '../store.ts';

export type MovementService = ReturnType<typeof createMovementService>;

export function createMovementService(store: Store) {
  return {
    /**
     * Adds to the stock of a product, or takes from it, once for each claim, and returns the product.
     *
     * @throws {Problem} `product_not_found`, `insufficient_stock`, `validation_failed`
     */
    move: (productId: string, delta: number, actor: string, claim?: Claim) =>
      store.once(claim, async ({ products, movements }) => {
        const moved = await products.moveStock(productId, delta);
        const row = await getProduct(products, productId);
        if (!moved) throw tooLittle(row, delta);
        if (delta > 0 && row.quantity_in_stock > MAX_STOCK) throw tooMuch();
        const movement = { product_id: productId, delta, actor_id: actor };
        await movements.insert([{ ...movement, reason: 'adjusted' }]);
        return row;
      }),

    /** Returns a slice of the ledger of a product, which outlives it, and the count of all entries. */
    list: (productId: string, slice: Slice) =>
      store.snapshot(({ movements }) => movements.list(productId, slice)),
  };
}

function tooLittle({ id, quantity_in_stock }: ProductRow, delta: number) {
  return shopProblems.insufficientStock(undefined, {
    members: { shortages: [{ product: id, requested: -delta, available: quantity_in_stock }] },
  });
}

function tooMuch() {
  const message = `must not make the stock larger than ${MAX_STOCK}`;
  return problems.validationFailed(undefined, { errors: [{ path: '/delta', message }] });
}
