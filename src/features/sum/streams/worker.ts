import { parentPort, workerData } from 'node:worker_threads';
import { collectGarbageSoon, releaseMemory } from '../../../memory.ts';
import { documentOptionsOf, type SumRequest, writeAnswer } from '../answer.ts';
import { DocumentFault, type Summation } from '../engine/index.ts';
import { createNodeEngine } from './node-engine.ts';
import type { Outcome, Work } from './thread-pool.ts';

/** A thread of `thread-pool.ts`: an engine of its own, and the documents that it was given. */
const engine = createNodeEngine(workerData);
const documents = new Map<number, { summation: Summation; request: SumRequest }>();
const port = parentPort!;
const encoder = new TextEncoder();
/** Bytes of an answer whose garbage is worth a collection. */
const LARGE_ANSWER = 1024 ** 2;

port.on('message', ({ id, step, request, chunks, bytes }: Work) => {
  if (request) documents.set(id, { summation: engine.open(documentOptionsOf(request)), request });
  const outcome: Outcome = { id, bytes };
  // A document that was refused here may still get bytes: they were sent before its outcome arrived.
  const document = documents.get(id);
  if (step === 'close') document?.summation.close();
  if (step === 'close' || step === 'end') documents.delete(id);
  try {
    for (const chunk of chunks) {
      document?.summation.write(chunk);
      releaseMemory(chunk);
    }
    if (document && step === 'end') {
      outcome.answer = encoder.encode(writeAnswer(document.summation.end(), document.request));
    }
  } catch (error) {
    documents.delete(id);
    if (!(error instanceof DocumentFault)) throw error;
    const { code, offset, message, line } = error;
    outcome.fault = { code, offset, message, line };
  }
  const { answer, fault } = outcome;
  // Its text and those of its paths are several times as long.
  if (answer && answer.length > LARGE_ANSWER) collectGarbageSoon();
  if (bytes > 0 || answer || fault) port.postMessage(outcome, answer ? [answer.buffer] : []);
});
