import { type ReadLimits } from './download.js';
/** The content of a successful answer, according to the specification. */
export type Content = 'json' | 'file' | 'nothing';
/**
 * Returns the JSON of an answer, or undefined where the operation answers without content.
 *
 * @throws {ApiError} if the answer is no success, or not one of this operation.
 */
export declare function readAnswer(response: Response, expected: Content, limits: ReadLimits): Promise<unknown>;
