import type { Measure } from './measure.js';
/**
 * Returns a function that has a server compute the results. It signs in with the token in TALLY_TOKEN, or as a guest.
 * Compressed files are sent as they are.
 *
 * @throws {Failure} if the address is none
 */
export declare function connectTo(baseUrl: string): Promise<Measure>;
