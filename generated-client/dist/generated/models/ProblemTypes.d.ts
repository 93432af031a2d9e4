import type { ShortageProblem } from './ShortageProblem.js';
import type { ValidationProblem } from './ValidationProblem.js';
/**
 * Problems with members of their own, by code.
 */
export interface ProblemTypes {
    insufficient_stock: ShortageProblem & Required<Pick<ShortageProblem, 'shortages'>>;
    validation_failed: ValidationProblem & Required<Pick<ValidationProblem, 'errors'>>;
}
