import type { IncomingMessage } from 'node:http';
import { type Duplex, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Problem, problems } from '../../http/problem.ts';
import type { Coding, Decode } from './decoder.ts';
import { DocumentFault } from './engine/index.ts';
import type { SumStreams } from './engine/streams.ts';
import { problemOfFault, sumProblems } from './problems.ts';

/** Bodies of up to this size are read whole: that is faster than a pipeline. */
const SMALL_BODY = 64 * 1024;

export interface SumOptions {
  streams: SumStreams;
  /** Largest document, in bytes after decoding. */
  maxBytes: number;
  decode: Decode;
}

/**
 * Returns the canonical text of the sum of the document in a request's body.
 *
 * @throws {Problem} 400, 408, 413, 422 or 503; whatever is left of the body is not read then.
 */
export async function sumOfBody(
  request: IncomingMessage,
  coding: Coding | undefined,
  { streams, maxBytes, decode }: SumOptions,
): Promise<string> {
  const announced = Number(request.headers['content-length']);
  if (announced > maxBytes) throw tooLarge(maxBytes);
  try {
    if (!coding && announced <= SMALL_BODY) return streams.sum(await readWhole(request));
    // An encoded document may be far longer than its body.
    const sink = streams.open(coding || Number.isNaN(announced) ? undefined : announced);
    const limiter = createLimiter(maxBytes);
    if (coding) await pipeBody(request, decode(coding), limiter, sink);
    else await pipeBody(request, limiter, sink);
    return sink.sum;
  } catch (error) {
    throw error instanceof DocumentFault ? problemOfFault(error) : error;
  }
}

/**
 * Runs a body through a pipeline. The request is piped into it rather than being a part of it: a pipeline that
 * fails destroys its streams, and the answer still needs the connection.
 */
async function pipeBody(
  request: IncomingMessage,
  first: Duplex,
  ...rest: NodeJS.WritableStream[]
): Promise<void> {
  const ignoreFailure = onFailure(request, (problem) => first.destroy(problem));
  try {
    await pipeline([request.pipe(first), ...rest]);
  } finally {
    ignoreFailure();
    request.unpipe().pause();
  }
}

function readWhole(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const onData = (chunk: Buffer) => void chunks.push(chunk);
    const ignoreFailure = onFailure(request, (problem) => {
      request.off('data', onData).pause();
      reject(problem);
    });
    request.on('data', onData).once('end', () => {
      ignoreFailure();
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    });
  });
}

/** Calls back if the body breaks off or stalls; returns a function that ends that. */
function onFailure(request: IncomingMessage, callback: (problem: Problem) => void): () => void {
  const onError = (cause: Error) =>
    callback(problems.malformedRequest('The body broke off before its end.', { cause }));
  const onTimeout = () => callback(problems.requestTimeout());
  request.on('error', onError).on('timeout', onTimeout);
  return () => request.off('error', onError).off('timeout', onTimeout);
}

function createLimiter(maxBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    // Chunks pass through and need no room.
    highWaterMark: 16 * 1024,
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(tooLarge(maxBytes));
      else done(null, chunk);
    },
  });
}

function tooLarge(maxBytes: number): Problem {
  return sumProblems.documentTooLarge(`This server accepts documents of up to ${maxBytes} bytes.`);
}
