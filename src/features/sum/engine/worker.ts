import { parentPort, workerData } from 'node:worker_threads';
import { releaseMemory } from '../../../memory.ts';
import { createEngine, DocumentFault, MemoryExhausted, type Summation } from './index.ts';
import { hasEnded, type Outcome, type Work } from './outcome.ts';

/** A thread of `background.ts`: an engine of its own, and the documents that it was given. */
const engine = createEngine(workerData);
const documents = new Map<number, Summation>();
const port = parentPort!;

port.on('message', ({ id, step, chunks }: Work) => {
  if (step === 'begin') documents.set(id, engine.begin());
  const outcome: Outcome = { id, bytes: 0 };
  for (const { length } of chunks) outcome.bytes += length;
  // What comes for a document that was refused crossed the news of that.
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
    if (error instanceof MemoryExhausted) outcome.exhausted = true;
    else if (!(error instanceof DocumentFault)) throw error;
    else {
      const { code, offset, message } = error;
      outcome.fault = { code, offset, message };
    }
  }
  if (outcome.bytes > 0 || hasEnded(outcome)) port.postMessage(outcome);
});
