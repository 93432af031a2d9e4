import { readFileSync } from 'node:fs';
import { createFaultReader, type DocumentFault } from './fault.ts';

/** The part of the JavaScript API that is used here; the types of Node do not declare it. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: Exports };
};

/** The functions that `assembly/index.ts` exports. Addresses and lengths are in bytes. */
interface Exports {
  memory: { buffer: ArrayBuffer };
  configure(maxDepth: number, maxDigits: number, maxExponent: number): void;
  windowAddress(): number;
  windowBytes(): number;
  usedBytes(): number;
  open(): number;
  scan(record: number, length: number): number;
  finish(record: number): number;
  textLength(): number;
  close(record: number): void;
  sum(length: number): number;
  faultReason(): number;
  faultPhase(): number;
  faultByte(): number;
  faultBracket(): number;
  faultOffset(): number;
}

export interface ScannerLimits {
  /** Most brackets that may be open at once. */
  maxDepth: number;
  /** Most digits of one number, before and behind its point together, zeroes counted. */
  maxDigits: number;
  /** Largest absolute value of a number's spelled exponent. */
  maxExponent: number;
}

/** Most bytes for which a loop is faster than a call into the runtime. */
const SHORT_CHUNK = 64;
const SHORT_TEXT = 16;

/** Compiled once in a process, on the first use. */
let compiled: object | undefined;

/** The compiled scanner behind plain values: a record is the address of an open document, 0 is none. */
export class Scanner {
  readonly windowBytes: number;
  readonly open: Exports['open'];
  readonly close: Exports['close'];
  readonly #wasm: Exports;
  readonly #readFault: ReturnType<typeof createFaultReader>;
  // Growing the memory detaches every view of it, which then has length 0.
  #window = new Uint8Array(0);
  #bytes = Buffer.alloc(0);

  /** @throws if the module does not fit the tables of `fault.ts`. */
  constructor({ maxDepth, maxDigits, maxExponent }: ScannerLimits) {
    compiled ??= new WebAssembly.Module(readFileSync(new URL('./engine.wasm', import.meta.url)));
    this.#wasm = new WebAssembly.Instance(compiled).exports;
    this.#readFault = createFaultReader(this.#wasm);
    this.#wasm.configure(maxDepth, maxDigits, maxExponent);
    this.windowBytes = this.#wasm.windowBytes();
    this.open = this.#wasm.open;
    this.close = this.#wasm.close;
  }

  /** Memory that documents hold. */
  get usedBytes(): number {
    return this.#wasm.usedBytes() >>> 0;
  }

  /** All of the scanner's memory, which only grows. */
  get sizeBytes(): number {
    return this.#wasm.memory.buffer.byteLength;
  }

  /** @throws {DocumentFault} if the document cannot continue with these bytes, at most `windowBytes`. */
  scan(record: number, chunk: Uint8Array): void {
    this.#fillWindow(chunk);
    if (!this.#wasm.scan(record, chunk.length)) throw this.#fault();
  }

  /** @throws {DocumentFault} if the document is incomplete. */
  finish(record: number): string {
    return this.#readText(this.#wasm.finish(record));
  }

  /** Does all of the above for a document of at most `windowBytes`. */
  sum(document: Uint8Array): string {
    this.#fillWindow(document);
    return this.#readText(this.#wasm.sum(document.length));
  }

  #fillWindow(chunk: Uint8Array): void {
    if (this.#window.length === 0) {
      const { memory, windowAddress } = this.#wasm;
      this.#window = new Uint8Array(memory.buffer, windowAddress(), this.windowBytes);
    }
    const window = this.#window;
    if (chunk.length > SHORT_CHUNK) window.set(chunk);
    else for (let i = 0; i < chunk.length; i++) window[i] = chunk[i]!;
  }

  #readText(address: number): string {
    if (address === 0) throw this.#fault();
    if (this.#bytes.length === 0) this.#bytes = Buffer.from(this.#wasm.memory.buffer);
    const bytes = this.#bytes;
    const start = address >>> 0;
    const end = start + this.#wasm.textLength();
    if (end - start > SHORT_TEXT) return bytes.toString('latin1', start, end);
    let text = '';
    for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]!);
    return text;
  }

  #fault(): DocumentFault {
    const { faultReason, faultPhase, faultByte, faultBracket, faultOffset } = this.#wasm;
    return this.#readFault({
      reason: faultReason(),
      phase: faultPhase(),
      byte: faultByte(),
      bracket: faultBracket(),
      offset: faultOffset(),
    });
  }
}
