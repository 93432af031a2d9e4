import type { IncomingMessage } from 'node:http';
import { releaseMemory } from '../../memory.ts';
import { problems } from '../../problem.ts';
import { openDocument } from './document-stream.ts';
import { DocumentFault, type Engine, type Summation } from './engine/index.ts';
import { problemOfFault, sumProblems } from './problems.ts';

/**
 * Reads the document in a request's body through the engine as it arrives.
 *
 * @returns the canonical text of the sum.
 * @throws {Problem} 400, 408, 413, 415 or 422; whatever is left of the body is not read then.
 */
export function sumOfBody(
  engine: Engine,
  request: IncomingMessage,
  maxBytes: number,
): Promise<string> {
  const announced = Number(request.headers['content-length']);
  if (announced > maxBytes) throw tooLarge(maxBytes);
  const document = openDocument(request);
  return new Promise<string>((resolve, reject) => {
    let bytes = 0;
    let summation: Summation | undefined;
    let sum: string | undefined;

    function read(chunk: Buffer): void {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      // Most documents are small and come in one piece, which the engine takes without any set-up.
      if (chunk.length === announced && document === request) sum = engine.sum(chunk);
      else {
        summation ??= engine.begin();
        summation.write(chunk);
        if (document === request) releaseMemory(chunk);
      }
    }
    function finish(): void {
      sum ??= (summation ?? engine.begin()).end();
      request.off('timeout', onTimeout);
      resolve(sum);
    }
    function stop(error: unknown): void {
      summation?.close();
      document.off('data', onData).off('end', onEnd);
      request.off('timeout', onTimeout).unpipe().pause();
      if (document !== request) document.destroy();
      reject(error instanceof DocumentFault ? problemOfFault(error) : error);
    }
    const guarded = (step: (chunk: Buffer) => void) => (chunk: Buffer) => {
      try {
        step(chunk);
      } catch (error) {
        stop(error);
      }
    };
    const onData = guarded(read);
    const onEnd = guarded(finish);
    const onTimeout = () => stop(problems.requestTimeout());
    const onError = (cause: Error) =>
      stop(
        request.errored
          ? problems.malformedRequest('The body broke off before its end.', { cause })
          : sumProblems.malformedEncoding(undefined, { cause }),
      );

    request.on('timeout', onTimeout);
    document.on('data', onData).on('end', onEnd).on('error', onError);
  });
}

function tooLarge(maxBytes: number) {
  return sumProblems.documentTooLarge(`This server accepts documents of up to ${maxBytes} bytes.`);
}
