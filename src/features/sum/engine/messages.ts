import type { DocumentFault } from './fault.ts';

/** To a thread: the next bytes of a document, in order, and the step to take after them. */
export interface Work {
  id: number;
  step: 'open' | 'continue' | 'end' | 'close';
  chunks: Uint8Array[];
  /** Length of all chunks together. */
  bytes: number;
}

/** From a thread: the bytes that it has read since its last message, and the document's end, if it has come. */
export interface Outcome {
  id: number;
  bytes: number;
  sum?: string;
  fault?: Pick<DocumentFault, 'code' | 'offset' | 'message'>;
}
