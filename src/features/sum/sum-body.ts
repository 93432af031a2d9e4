import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type Problem, problems } from '../../http/problem.ts';
import { facts } from '../../telemetry.ts';
import type { SumRequest } from './answer.ts';
import type { Coding, Decode } from './decoder.ts';
import { DocumentFault } from './engine/index.ts';
import { documentTooLarge, problemOfFault } from './problems.ts';
import type { SumStreams } from './streams/index.ts';

/** Largest body that is read whole, in bytes: its stream would cost more than its sum. */
const SMALL_BODY = 64 * 1024;

export interface SumOptions {
  streams: SumStreams;
  /** Largest document, in bytes after decoding. */
  maxBytes: number;
  decode: Decode;
}

/**
 * Returns the answer to the document in a request's body, as JSON.
 *
 * @throws {Problem} 400, 408, 413, 422 or 503; whatever is left of the body is not read then.
 */
export async function sumOfBody(
  request: IncomingMessage,
  coding: Coding | undefined,
  wanted: SumRequest,
  { streams, maxBytes, decode }: SumOptions,
): Promise<string | Buffer> {
  const announced = Number(request.headers['content-length']);
  if (announced > maxBytes) throw documentTooLarge(maxBytes);
  try {
    const isWhole = announced <= SMALL_BODY && streams.isSmall(announced, wanted);
    if (!coding && isWhole) {
      const document = await readWhole(request);
      const answer = streams.answer(document, wanted);
      facts.publish({ type: 'sum', bytes: announced });
      return answer;
    }
    // An encoded document may be far longer than its body.
    const sink = streams.open(coding ? Number.NaN : announced, wanted);
    const decoder = coding && decode(coding);
    // A pipeline that fails destroys its streams. The request is no part of it: the answer needs the connection.
    const first = decoder ?? sink;
    const stopListening = onFailure(request, (problem) => first.destroy(problem));
    request.pipe(first);
    await (decoder ? pipeline(decoder, sink) : once(sink, 'finish')).finally(stopListening);
    facts.publish({ type: 'sum', bytes: sink.bytes });
    return sink.answer;
  } catch (error) {
    request.unpipe().pause();
    throw error instanceof DocumentFault ? problemOfFault(error, wanted.format) : error;
  }
}

function readWhole(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const onData = (chunk: Buffer) => void chunks.push(chunk);
    const stopListening = onFailure(request, (problem) => {
      stopListening();
      request.off('data', onData);
      reject(problem);
    });
    request.on('data', onData).once('end', () => {
      stopListening();
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
