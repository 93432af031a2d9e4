import { ApiError } from './errors.js';
/**
 * Tells whether an error is an answer of the server with this code, whose problem then has its type.
 *
 * @example
 * ```ts
 * try {
 *   await tally.orders.place({ parts });
 * } catch (error) {
 *   if (!isProblem(error, 'insufficient_stock')) throw error;
 *   for (const { product, available } of error.problem.shortages) console.error(product, available);
 * }
 * ```
 */
export function isProblem(error, code) {
    return error instanceof ApiError && error.code === code;
}
