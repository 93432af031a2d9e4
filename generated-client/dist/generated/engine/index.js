import { DocumentFault } from './fault.js';
import { parsePath } from './json-path.js';
export { DocumentFault } from './fault.js';
/** Creates an engine whose documents share the memory of the arenas. */
export function createEngine(arenas) {
    const open = (options = {}) => new Summation(arenas.current(), options);
    return {
        open,
        sum(document) {
            const { scanner } = arenas.current();
            if (document.length <= scanner.windowBytes)
                return scanner.sum(document);
            const summation = open();
            summation.write(document);
            return summation.end().sum;
        },
    };
}
const EXHAUSTED = 'the open documents need more memory than there is for them';
/** Only the places of a document can take so much. */
const TOO_LARGE = 'the places of the document need more memory than there is for one document';
/** The sum of a document that is read piece by piece. */
export class Summation {
    extraBytes = 0;
    #arena;
    #format;
    #hasPaths;
    /** The address of the document's record in the scanner's memory; 0 once that is freed. */
    #record;
    #bytesRead = 0;
    #eviction;
    constructor(arena, { format = 'json', paths }) {
        const collapsed = paths?.collapse.map(parsePath);
        this.#arena = arena;
        this.#format = format;
        this.#hasPaths = collapsed !== undefined;
        this.#record = arena.scanner.open(format);
        arena.add();
        if (collapsed)
            this.#account(() => arena.scanner.keepPaths(this.#record, collapsed));
    }
    /**
     * Takes the next bytes, any number of them; reads `chunk` only during the call.
     * @throws {DocumentFault} as soon as no document could begin with the bytes so far, and
     *   `memory_exhausted` also because of what other documents need
     */
    write(chunk) {
        const { maxBytes, scanner } = this.#arena;
        const { windowBytes } = scanner;
        for (let from = 0; from < chunk.length; from += windowBytes) {
            this.#checkOpen();
            this.#scan(chunk.length > windowBytes ? chunk.subarray(from, from + windowBytes) : chunk);
        }
        this.#checkOpen();
        this.#bytesRead += chunk.length;
        if (this.#bytesRead > maxBytes) {
            this.close();
            throw new DocumentFault('too_large', maxBytes, 'the document is too large');
        }
    }
    /** @throws {DocumentFault} if the document is incomplete, or the totals of its paths are too long. */
    end() {
        this.#checkOpen();
        const { scanner } = this.#arena;
        try {
            const total = scanner.finish(this.#record, this.#format);
            if (this.#hasPaths)
                total.paths = scanner.paths(this.#record, this.#format);
            return total;
        }
        finally {
            this.close();
        }
    }
    /** Frees what an abandoned document holds; does nothing after `end` or a fault. */
    close() {
        if (!this.#record)
            return;
        this.#arena.scanner.close(this.#record);
        this.#record = 0;
        this.extraBytes = 0;
        this.#arena.remove(this);
    }
    evict(isTooLarge) {
        this.#eviction =
            isTooLarge && this.#hasPaths
                ? new DocumentFault('too_many_paths', this.#bytesRead, TOO_LARGE)
                : new DocumentFault('memory_exhausted', this.#bytesRead, EXHAUSTED);
        this.close();
    }
    #scan(bytes) {
        this.#account(() => this.#arena.scanner.scan(this.#record, this.#format, bytes));
    }
    /** Reports the memory that a step takes or frees; it may be the last one that the document can have. */
    #account(step) {
        const { scanner } = this.#arena;
        const before = scanner.usedBytes;
        try {
            step();
        }
        catch (fault) {
            this.close();
            throw fault;
        }
        const grown = scanner.usedBytes - before;
        if (grown === 0)
            return;
        this.extraBytes += grown;
        this.#arena.account(this);
    }
    #checkOpen() {
        if (this.#eviction)
            throw this.#eviction;
        if (!this.#record)
            throw new Error('the summation is over');
    }
}
