import type { Digest } from './Digest.js';
import type { SumDetails } from './SumDetails.js';
export type SumAnswer = (Digest | SumDetails);
