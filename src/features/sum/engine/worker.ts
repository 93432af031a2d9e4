import { parentPort, workerData } from 'node:worker_threads';
import { releaseMemory } from '../../../memory.ts';
import { createEngine, DocumentFault, type Summation } from './index.ts';
import type { Outcome, Work } from './thread-pool.ts';

/** A thread of `thread-pool.ts`: an engine of its own, and the documents that it was given. */
const engine = createEngine(workerData);
const documents = new Map<number, Summation>();
const port = parentPort!;

port.on('message', ({ id, step, chunks, bytes }: Work) => {
  if (step === 'open') documents.set(id, engine.open());
  const outcome: Outcome = { id, bytes };
  // A document that was refused here may still get bytes: they were sent before its outcome arrived.
  const summation = documents.get(id);
  if (step === 'close') summation?.close();
  if (step === 'close' || step === 'end') documents.delete(id);
  try {
    for (const chunk of chunks) {
      summation?.write(chunk);
      releaseMemory(chunk);
    }
    if (summation && step === 'end') outcome.sum = summation.end();
  } catch (error) {
    documents.delete(id);
    if (!(error instanceof DocumentFault)) throw error;
    const { code, offset, message } = error;
    outcome.fault = { code, offset, message };
  }
  if (bytes > 0 || outcome.sum !== undefined || outcome.fault) port.postMessage(outcome);
});
