import { DocumentFault, type DocumentOptions, type Total } from '../generated/engine/index.js';
import type { EngineLimits } from '../generated/engine/limits.js';
import type { CompiledScanner } from '../generated/engine/scanner.js';
/** The first message to the worker. Without a blob, an answer to each `pull` follows: a piece, or undefined at the end. */
export interface Assignment {
    scanner: CompiledScanner;
    limits: EngineLimits;
    document: DocumentOptions;
    blob: Blob | undefined;
}
/** A message from the worker. */
export type Report = {
    step: 'start';
} | {
    step: 'pull';
} | {
    step: 'progress';
    bytes: number;
} | {
    step: 'end';
    total: Total;
} | {
    step: 'failure';
    name: string;
    message: string;
    fault?: Pick<DocumentFault, 'code' | 'offset' | 'line'>;
};
