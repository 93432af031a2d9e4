import type { FaultCode } from './fault.ts';

/** To a thread: the next bytes of a document, in order, if any, and what else there is to do. */
export interface Work {
  id: number;
  step: 'begin' | 'more' | 'end' | 'close';
  chunks: Uint8Array[];
}

/** From a thread: how many bytes it has read since, and how the document ended, if it has. */
export interface Outcome {
  id: number;
  bytes: number;
  sum?: string;
  fault?: { code: FaultCode; offset: number; message: string };
  /** The document was given up for what all documents need. */
  exhausted?: boolean;
}

export function hasEnded({ sum, fault, exhausted }: Outcome): boolean {
  return sum !== undefined || fault !== undefined || exhausted === true;
}
