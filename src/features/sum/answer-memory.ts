import type { ServerResponse } from 'node:http';
import { collectGarbageSoon } from '../../memory.ts';
import { memoryExhausted } from './problems.ts';

/** Answers up to this size are not counted: they are as long as the header before them. */
const SHORT_ANSWER = 1024;
/** Bytes of an answer whose memory is worth a garbage collection. */
const LARGE_ANSWER = 1024 ** 2;

/**
 * Takes note of an answer of so many bytes that is about to be sent.
 *
 * @throws {Problem} 503 if all answers that have not been sent need too much memory, and this one the most.
 */
export type HoldAnswer = (response: ServerResponse, bytes: number) => void;

/**
 * Creates a counter of the bytes of answers that clients have not taken yet. Where a new one goes beyond the limit, the
 * connection of the largest is closed: its header has been sent.
 */
export function createAnswerMemory(maxBytes: number): HoldAnswer {
  const held = new Map<ServerResponse, number>();
  let total = 0;
  function free(response: ServerResponse): void {
    total -= held.get(response) ?? 0;
    held.delete(response);
  }
  return (response, bytes) => {
    if (bytes <= SHORT_ANSWER) return;
    while (total + bytes > maxBytes) {
      const all: [ServerResponse, number][] = [[response, bytes], ...held];
      const [largest] = all.reduce((a, b) => (b[1] > a[1] ? b : a));
      if (largest === response) throw memoryExhausted();
      free(largest);
      largest.destroy();
    }
    held.set(response, bytes);
    total += bytes;
    response.once('close', () => {
      free(response);
      if (bytes > LARGE_ANSWER) collectGarbageSoon();
    });
  };
}
