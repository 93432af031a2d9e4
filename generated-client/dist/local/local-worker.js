/**
 * The program of a page's worker. It loads nothing but the engine, and gets the compiled module from the page: import maps do
 * not apply to workers, and a content security policy may forbid them to compile.
 * @module
 */
import { createArenas } from '../generated/engine/arena.js';
import { createEngine, DocumentFault, } from '../generated/engine/index.js';
import { scan } from './scan.js';
import { readBlob } from './source.js';
/** Pieces that the page may copy while others are scanned. */
const PIECES_AHEAD = 4;
const scope = globalThis;
const report = (message) => scope.postMessage(message);
scope.onmessage = async ({ data }) => {
    const { scanner, limits, document, blob } = data;
    const source = blob ? readBlob(blob) : readPage();
    const onProgress = (bytes) => report({ step: 'progress', bytes });
    try {
        const engine = createEngine(createArenas(scanner, limits));
        const total = await scan(source, engine, { document, signal: undefined, onProgress });
        report({ step: 'end', total });
    }
    catch (error) {
        reportFailure(error);
    }
};
/** Reads what the page sends, and has some pieces on their way. */
function readPage() {
    const waiting = [];
    scope.onmessage = ({ data }) => waiting.shift()(data);
    const pull = () => new Promise((resolve) => {
        waiting.push(resolve);
        report({ step: 'pull' });
    });
    const coming = Array.from({ length: PIECES_AHEAD }, pull);
    return {
        size: Number.NaN,
        async next() {
            const piece = await coming.shift();
            if (piece)
                coming.push(pull());
            return piece;
        },
        cancel: () => undefined,
    };
}
function reportFailure(error) {
    const { name, message } = error;
    const isFault = error instanceof DocumentFault;
    const fault = isFault && { code: error.code, offset: error.offset, line: error.line };
    report({ step: 'failure', name, message, ...(fault && { fault }) });
}
report({ step: 'start' });
