/**
 * The program of a page's worker. It loads nothing but the engine, and gets the compiled module from the page: import maps do
 * not apply to workers, and a content security policy may forbid them to compile.
 * @module
 */
import { createArenas } from '../generated/engine/arena.js';
import {
  createEngine,
  DocumentFault,
  type DocumentOptions,
  type Total,
} from '../generated/engine/index.js';
import type { EngineLimits } from '../generated/engine/limits.js';
import type { CompiledScanner } from '../generated/engine/scanner.js';
import { scan } from './scan.js';
import { readBlob, type Source } from './source.js';

/** The first message to the worker. Without a blob, an answer to each `pull` follows: a piece, or undefined at the end. */
export interface Assignment {
  scanner: CompiledScanner;
  limits: EngineLimits;
  document: DocumentOptions;
  blob: Blob | undefined;
}

/** A part of the document, or its end. */
type Piece = Uint8Array | undefined;

/** A message from the worker. */
export type Report =
  | { step: 'start' }
  | { step: 'pull' }
  | { step: 'progress'; bytes: number }
  | { step: 'end'; total: Total }
  | {
      step: 'failure';
      name: string;
      message: string;
      fault?: Pick<DocumentFault, 'code' | 'offset' | 'line'>;
    };

/** Pieces that the page may copy while others are scanned. */
const PIECES_AHEAD = 4;

interface WorkerScope {
  onmessage: (event: { data: unknown }) => void;
  postMessage(report: Report): void;
}
const scope = globalThis as unknown as WorkerScope;
const report = (message: Report) => scope.postMessage(message);

scope.onmessage = async ({ data }) => {
  const { scanner, limits, document, blob } = data as Assignment;
  const source = blob ? readBlob(blob) : readPage();
  const onProgress = (bytes: number) => report({ step: 'progress', bytes });
  try {
    const engine = createEngine(createArenas(scanner, limits));
    const total = await scan(source, engine, { document, signal: undefined, onProgress });
    report({ step: 'end', total });
  } catch (error) {
    reportFailure(error as Error);
  }
};

/** Reads what the page sends, and has some pieces on their way. */
function readPage(): Source {
  const waiting: ((piece: Piece) => void)[] = [];
  scope.onmessage = ({ data }) => waiting.shift()!(data as Piece);
  const pull = () =>
    new Promise<Piece>((resolve) => {
      waiting.push(resolve);
      report({ step: 'pull' });
    });
  const coming = Array.from({ length: PIECES_AHEAD }, pull);
  return {
    size: Number.NaN,
    async next() {
      const piece = await coming.shift();
      if (piece) coming.push(pull());
      return piece;
    },
    cancel: () => undefined,
  };
}

function reportFailure(error: Error): void {
  const { name, message } = error;
  const isFault = error instanceof DocumentFault;
  const fault = isFault && { code: error.code, offset: error.offset, line: error.line };
  report({ step: 'failure', name, message, ...(fault && { fault }) });
}

report({ step: 'start' });
