/**
 * Exact sums in the caller's own process, with the engine of the server: `import { sum } from 'tally-client/local'`.
 * @module
 */
import { DocumentFault } from './generated/engine/index.js';
import { type LocalSumOptions } from './local/options.js';
import { type LocalSource } from './local/source.js';
import type { SumDetail, SumDetailsOf } from './sum.js';
export type { FaultCode } from './generated/engine/fault.js';
export type { PathTotal } from './generated/models/PathTotal.js';
export type { SumDetails } from './generated/models/SumDetails.js';
export type { EngineLimits, Format, LocalSumOptions } from './local/options.js';
export type { LocalSource } from './local/source.js';
export type { SumDetail, SumDetailsOf } from './sum.js';
export { DocumentFault };
/**
 * Adds every number of a JSON document without rounding, and returns what a server answers to the same document. No byte
 * of it leaves the process.
 *
 * ```ts
 * const { sha256 } = await sum('{"lines":[{"price":19.99},{"price":5}]}');
 * const { sum: total, paths } = await sum(file, { include: ['sum', 'paths'] });
 * ```
 *
 * A stream or iterator is read once, and cancelled if the call fails. Bytes in memory are not copied: do not change
 * them until the call is over.
 *
 * @throws {DocumentFault} for a document that has no sum; its `offset` names the byte.
 * @throws {TypeError} for a source or an option of another kind, `RangeError` for a number or a key out of range.
 * @throws the reason of the signal, and errors of the source and of `onProgress`, as they are.
 */
export declare function sum<const Include extends readonly SumDetail[] = readonly []>(source: LocalSource, options?: LocalSumOptions<Include>): Promise<SumDetailsOf<Include>>;
