import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { type Problem, problems } from '../../http/problem.ts';
import type { Coding, Decode } from './decoder.ts';
import { DocumentFault } from './engine/index.ts';
import type { SumStreams } from './engine/streams.ts';
import type { SumStream } from './engine/sum-stream.ts';
import { documentTooLarge, problemOfFault } from './problems.ts';

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
  if (announced > maxBytes) throw documentTooLarge(maxBytes);
  try {
    if (!coding && announced <= SMALL_BODY) return streams.sum(await readWhole(request));
    // An encoded document may be far longer than its body.
    const sink = streams.open(coding || Number.isNaN(announced) ? undefined : announced);
    await pipeBody(request, coding && decode(coding), sink);
    return sink.sum;
  } catch (error) {
    throw error instanceof DocumentFault ? problemOfFault(error) : error;
  }
}

/**
 * Pipes a body through its decoder, if it has one, into the sink. The request is not a part of the pipeline: one that
 * fails destroys its streams, and the answer still needs the connection.
 */
async function pipeBody(
  request: IncomingMessage,
  decoder: Duplex | undefined,
  sink: SumStream,
): Promise<void> {
  const first = decoder ?? sink;
  const ignoreFailure = onFailure(request, (problem) => first.destroy(problem));
  try {
    request.pipe(first);
    await (decoder ? pipeline(decoder, sink) : finished(sink));
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
