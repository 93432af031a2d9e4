import type { IncomingMessage } from 'node:http';
import { Problem, problems } from '../../http/problem.ts';
import { releaseMemory } from '../../memory.ts';
import type { Coding, Decode } from './decoder.ts';
import type { BackgroundEngine } from './engine/background.ts';
import type { Engine, Summation } from './engine/index.ts';
import { problemOfEngine, sumProblems } from './problems.ts';

/** From so many bytes on, a thread is worth its messages. */
const LARGE_BODY = 1024 ** 2;

export interface SumOptions {
  engine: Engine;
  /** For large documents. Without it they are scanned as others are. */
  background: BackgroundEngine | undefined;
  /** Largest document, in bytes after decoding. */
  maxBytes: number;
  decode: Decode;
}

/**
 * Reads the document in a request's body through an engine as it arrives.
 *
 * @returns the canonical text of the sum.
 * @throws {Problem} 400, 408, 413, 415 or 422; whatever is left of the body is not read then.
 */
export function sumOfBody(
  request: IncomingMessage,
  coding: Coding | undefined,
  { engine, background, maxBytes, decode }: SumOptions,
): Promise<string> {
  const announced = Number(request.headers['content-length']);
  if (announced > maxBytes) throw tooLarge(maxBytes);
  const document = coding === undefined ? request : decode(request, coding);
  // How long an encoded document is, nobody says; it may be far longer than its body.
  const isSmall = announced < LARGE_BODY && document === request;
  const thread = isSmall ? undefined : background?.begin();
  return new Promise<string>((resolve, reject) => {
    let bytes = 0;
    let summation: Summation | undefined;
    let sum: string | undefined;

    function read(chunk: Buffer): void {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      if (thread) return;
      // Most documents are small and come in one piece, which the engine takes without any set-up.
      if (chunk.length === announced && document === request) sum = engine.sum(chunk);
      else {
        summation ??= engine.begin();
        summation.write(chunk);
        if (document === request) releaseMemory(chunk);
      }
    }
    function finish(): void {
      sum ??= thread?.sum ?? (summation ?? engine.begin()).end();
      request.off('timeout', onTimeout);
      resolve(sum);
    }
    function stop(error: unknown): void {
      summation?.close();
      thread?.destroy();
      document.off('data', onData).off('end', onEnd);
      request.off('timeout', onTimeout).unpipe().pause();
      if (document !== request) document.destroy();
      reject(problemOfEngine(error));
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
    const onError = (error: Error) => stop(toProblem(error, request));

    request.on('timeout', onTimeout);
    document.on('data', onData).on('error', onError);
    if (thread) document.pipe(thread).on('finish', onEnd).on('error', stop);
    else document.on('end', onEnd);
  });
}

function toProblem(cause: Error, { errored }: IncomingMessage): Problem {
  if (errored) return problems.malformedRequest('The body broke off before its end.', { cause });
  return cause instanceof Problem ? cause : sumProblems.malformedEncoding(undefined, { cause });
}

function tooLarge(maxBytes: number) {
  return sumProblems.documentTooLarge(`This server accepts documents of up to ${maxBytes} bytes.`);
}
