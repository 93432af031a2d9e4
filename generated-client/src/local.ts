/**
 * Exact sums in the caller's own process, with the engine of the server: `import { sum } from 'tally-client/local'`.
 * @module
 */
import { DocumentFault, type Total } from './generated/engine/index.js';
import { answerOf } from './local/answer.js';
import { engineFor } from './local/engine.js';
import type { LocalRequest } from './local/options.js';
import { checkOptions, type LocalSumOptions } from './local/options.js';
import { scan } from './local/scan.js';
import { type LocalSource, openSource, type Source } from './local/source.js';
import { scanInThread, startThread } from './local/thread.js';
import { untilAborted } from './local/until-aborted.js';
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
export async function sum<const Include extends readonly SumDetail[] = readonly []>(
  source: LocalSource,
  options: LocalSumOptions<Include> = {},
): Promise<SumDetailsOf<Include>> {
  const request = checkOptions(options);
  const opened = openSource(source);
  try {
    request.signal?.throwIfAborted();
    const total = await totalOf(opened, request);
    return (await answerOf(total, request)) as SumDetailsOf<Include>;
  } catch (caught) {
    const error = caught instanceof DocumentFault ? locate(caught, request) : caught;
    opened.cancel(error);
    throw error;
  }
}

/** Returns the fault with its place in the message, where it is also seen if nobody catches the error. */
function locate(fault: DocumentFault, { document }: LocalRequest): DocumentFault {
  const { code, offset, line, message } = fault;
  const unit = document.format === 'sequence' ? 'record' : 'line';
  const place = line === undefined ? '' : `${unit} ${line}, `;
  return new DocumentFault(code, offset, `${place}byte ${offset}: ${message}`, line);
}

async function totalOf(source: Source, request: LocalRequest): Promise<Total> {
  const thread = await startThread(source);
  if (!thread) return scan(source, engineFor(request.limits), request);
  try {
    return await untilAborted(scanInThread(thread, source, request), request.signal);
  } finally {
    thread.terminate();
    thread.onmessage = null;
  }
}
