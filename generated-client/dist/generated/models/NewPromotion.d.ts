import type { NewBuyXGetYPromotion } from './NewBuyXGetYPromotion.js';
import type { NewFixedPromotion } from './NewFixedPromotion.js';
import type { NewPercentagePromotion } from './NewPercentagePromotion.js';
/**
 * A promotion to create. Conditions that are left out, or null, do not restrict it.
 */
export type NewPromotion = (NewPercentagePromotion | NewFixedPromotion | NewBuyXGetYPromotion);
