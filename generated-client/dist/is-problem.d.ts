import { ApiError, type ErrorCode } from './errors.js';
import type { Problem } from './generated/models/Problem.js';
import type { ProblemCode } from './generated/models/ProblemCode.js';
import type { ProblemTypes } from './generated/models/ProblemTypes.js';
/** The problem of a code. Codes of the client itself have none. */
export type ProblemOf<Code> = Code extends keyof ProblemTypes ? ProblemTypes[Code] : Code extends ProblemCode ? Problem : Readonly<Record<string, unknown>>;
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
export declare function isProblem<const Code extends ErrorCode>(error: unknown, code: Code): error is ApiError & {
    readonly code: Code;
    readonly problem: ProblemOf<Code>;
};
