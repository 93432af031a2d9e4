import type { Health } from '../models/Health.js';
import type { Operation } from '../../operation.js';
export declare const checkLiveness: () => Operation<Health>;
export declare const checkReadiness: () => Operation<Health>;
