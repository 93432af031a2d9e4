// Generated from openapi.json by scripts/generate-client. Do not edit: change the schema of the route, and run it again.
import type { Digest } from './Digest.js';
import type { SumDetails } from './SumDetails.js';
export type SumAnswer = (Digest | SumDetails);
