import type { Engine, Total } from '../generated/engine/index.js';
import type { LocalRequest } from './options.js';
import type { Source } from './source.js';
/** A request as far as reading the document goes. */
type ScanRequest = Pick<LocalRequest, 'document' | 'signal' | 'onProgress'>;
/**
 * Returns the total of a source, and lets the event loop run in between.
 *
 * @throws {DocumentFault} and whatever the source, the signal or the listener throw.
 */
export declare function scan(source: Source, engine: Engine, request: ScanRequest): Promise<Total>;
export {};
