// Copied from src/features/sum/engine by scripts/generate-client. Do not edit: change the original, and run it again.
import { createFaultReader } from './fault.js';
import { FORMATS } from './format.js';
import { ANY, createPathReader, sortByBytes } from './json-path.js';
import { decodeWtf8, encodeWtf8 } from './wtf8.js';
/** Compiles the bytes of `engine.wasm`. */
export function compileScanner(bytes) {
    return new WebAssembly.Module(bytes);
}
/** Most bytes for which a loop is faster than a call into the runtime. */
const SHORT_CHUNK = 64;
const SHORT_TEXT = 48;
const ASCII = new TextDecoder();
/** Longest path that an error message names, in characters. */
const LONGEST_ADVICE = 1000;
/** The compiled scanner behind plain values: a record is the address of an open document, 0 is none. */
export class Scanner {
    windowBytes;
    close;
    #wasm;
    #readFault;
    // Growing the memory detaches every view of it, which then has length 0.
    #window = new Uint8Array(0);
    #bytes = new Uint8Array(0);
    /** @throws if the module does not fit the tables of `fault.ts`. */
    constructor(compiled, limits) {
        this.#wasm = new WebAssembly.Instance(compiled).exports;
        this.#readFault = createFaultReader(this.#wasm);
        const { maxDepth, maxDigits, maxExponent, maxPaths, maxPathBytes } = limits;
        this.#wasm.configure(maxDepth, maxDigits, maxExponent, maxPaths, maxPathBytes);
        const [a, b, c, d] = crypto.getRandomValues(new Uint32Array(4));
        this.#wasm.seed(a, b, c, d);
        this.windowBytes = this.#wasm.windowBytes();
        this.close = this.#wasm.close;
    }
    /** Memory that documents hold. */
    get usedBytes() {
        return this.#wasm.usedBytes() >>> 0;
    }
    /** All of the scanner's memory, which only grows. */
    get sizeBytes() {
        return this.#wasm.memory.buffer.byteLength;
    }
    open(format) {
        return this.#wasm.open(FORMATS.indexOf(format));
    }
    /** Lets a document keep the totals of its paths, with the members of the objects at `collapsed` as `[*]`. */
    keepPaths(record, collapsed) {
        const root = this.#wasm.keepPaths(record);
        for (const segments of collapsed) {
            const node = segments.reduce((parent, segment) => {
                if (segment === ANY)
                    return this.#wasm.elementOf(record, parent);
                const name = encodeWtf8(segment);
                this.#fillWindow(name);
                return this.#wasm.memberOf(record, parent, name.length);
            }, root);
            this.#wasm.collapse(node);
        }
    }
    /** @throws {DocumentFault} if the document cannot continue with these bytes, at most `windowBytes`. */
    scan(record, format, chunk) {
        this.#fillWindow(chunk);
        if (!this.#wasm.scan(record, chunk.length))
            throw this.#fault(format, record);
    }
    /** @throws {DocumentFault} if the document is incomplete. */
    finish(record, format) {
        const sum = this.#readText(this.#wasm.finish(record), format);
        return { sum, count: this.#wasm.numberCount(record) };
    }
    /**
     * Returns the totals of the paths of a finished document that keeps them, in the order of their bytes.
     *
     * @throws {DocumentFault} if they are too long together.
     */
    paths(record, format) {
        const pathOf = createPathReader((node) => this.#nameOf(node), this.#wasm.parentOf);
        const paths = [];
        for (let path = this.#wasm.lastPath(record); path; path = this.#wasm.pathBefore(path)) {
            paths.push(path);
        }
        const totals = [];
        let bytes = 0;
        // In the order in which they were found, that of a place mostly comes after that of the one around it.
        for (const path of paths.reverse()) {
            const sum = this.#readText(this.#wasm.pathSum(path), format);
            bytes += sum.length;
            if (!this.#wasm.admitSums(record, bytes))
                throw this.#fault(format, record);
            const count = this.#wasm.pathCount(path);
            totals.push({ path: pathOf(this.#wasm.pathNode(path)), count, sum });
        }
        return sortByBytes(totals);
    }
    /** Does all of `open`, `scan`, `finish` and `close` for a JSON document of at most `windowBytes`. */
    sum(document) {
        this.#fillWindow(document);
        return this.#readText(this.#wasm.sum(document.length), 'json');
    }
    #fillWindow(chunk) {
        if (this.#window.length === 0) {
            const { memory, windowAddress } = this.#wasm;
            this.#window = new Uint8Array(memory.buffer, windowAddress(), this.windowBytes);
        }
        const window = this.#window;
        if (chunk.length > SHORT_CHUNK)
            window.set(chunk);
        else
            for (let i = 0; i < chunk.length; i++)
                window[i] = chunk[i];
    }
    #readBytes(address, length) {
        if (this.#bytes.length === 0)
            this.#bytes = new Uint8Array(this.#wasm.memory.buffer);
        return this.#bytes.subarray(address >>> 0, (address >>> 0) + length);
    }
    #readText(address, format) {
        if (address === 0)
            throw this.#fault(format);
        const length = this.#wasm.textLength();
        if (length > SHORT_TEXT)
            return ASCII.decode(this.#readBytes(address, length));
        if (this.#bytes.length === 0)
            this.#bytes = new Uint8Array(this.#wasm.memory.buffer);
        const bytes = this.#bytes;
        const start = address >>> 0;
        let text = '';
        for (let i = start; i < start + length; i++)
            text += String.fromCharCode(bytes[i]);
        return text;
    }
    /** Returns the name of a member, or {@link ANY}. */
    #nameOf(node) {
        const address = this.#wasm.nameOf(node);
        return address ? decodeWtf8(this.#readBytes(address, this.#wasm.nameBytes(node))) : ANY;
    }
    #fault(format, record) {
        const { faultReason, faultPhase, faultByte, faultBracket } = this.#wasm;
        const fault = this.#readFault({
            reason: faultReason(),
            phase: faultPhase(),
            byte: faultByte(),
            bracket: faultBracket(),
            offset: this.#wasm.faultOffset(),
            separators: this.#wasm.faultSeparators(),
        }, format);
        if (fault.code === 'too_many_paths' && record)
            fault.message += this.#adviceFor(record);
        return fault;
    }
    /** Returns how fewer paths could be asked for, or nothing. */
    #adviceFor(record) {
        const object = this.#wasm.crowdedObject(record);
        if (!object)
            return '';
        const pathOf = createPathReader((node) => this.#nameOf(node), this.#wasm.parentOf);
        const path = pathOf(object);
        if (path.length > LONGEST_ADVICE)
            return '';
        return `; most lead through members of the object at ${path}: collapse=${path} gives them one path`;
    }
}
