import { readFileSync } from 'node:fs';
import type { Finding } from './fault.ts';
import type { EngineLimits } from './index.ts';

/** The part of the JavaScript API that is used here; the types of Node do not declare it. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: unknown };
};

/** What `assembly/index.ts` exports. Addresses and lengths are in bytes. */
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

/** The compiled scanner behind plain values: records are addresses, 0 is none. */
export interface Scanner {
  readonly windowBytes: number;
  /** Memory that documents hold. */
  usedBytes(): number;
  /** All of the scanner's memory, which only grows. */
  sizeBytes(): number;
  open(): number;
  close(record: number): void;
  /** Scans at most `windowBytes` more bytes. False if they were refused; `fault()` says why. */
  scan(record: number, bytes: Uint8Array): boolean;
  /** The sum's text, or null if the document was refused. */
  finish(record: number): string | null;
  /** The sum's text of a whole document of at most `windowBytes`, or null if it was refused. */
  sum(document: Uint8Array): string | null;
  fault(): Finding;
}

/** Up to so many bytes a loop is faster than a call into the runtime. */
const SHORT_CHUNK = 64;
const SHORT_TEXT = 16;

/** Compiled once in a process, on the first use. */
let compiled: object | undefined;

export function loadScanner(limits: EngineLimits): Scanner {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('./engine.wasm', import.meta.url)));
  const wasm = new WebAssembly.Instance(compiled).exports as Exports;
  wasm.configure(limits.maxDepth, limits.maxDigits, limits.maxExponent);
  const address = wasm.windowAddress();
  const windowBytes = wasm.windowBytes();
  // Growing the memory detaches every view of it, which then has length 0.
  let window = new Uint8Array(0);
  let bytes = Buffer.alloc(0);

  function fill(chunk: Uint8Array): void {
    if (window.length === 0) window = new Uint8Array(wasm.memory.buffer, address, windowBytes);
    if (chunk.length > SHORT_CHUNK) window.set(chunk);
    else for (let i = 0; i < chunk.length; i++) window[i] = chunk[i] as number;
  }

  function readText(from: number): string | null {
    if (from === 0) return null;
    if (bytes.length === 0) bytes = Buffer.from(wasm.memory.buffer);
    const start = from >>> 0;
    const end = start + wasm.textLength();
    if (end - start > SHORT_TEXT) return bytes.toString('latin1', start, end);
    let text = '';
    for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i] as number);
    return text;
  }

  return {
    windowBytes,
    usedBytes: () => wasm.usedBytes() >>> 0,
    sizeBytes: () => wasm.memory.buffer.byteLength,
    open: wasm.open,
    close: wasm.close,
    scan(record, chunk) {
      fill(chunk);
      return wasm.scan(record, chunk.length) !== 0;
    },
    finish: (record) => readText(wasm.finish(record)),
    sum(document) {
      fill(document);
      return readText(wasm.sum(document.length));
    },
    fault: () => ({
      reason: wasm.faultReason(),
      phase: wasm.faultPhase(),
      byte: wasm.faultByte(),
      bracket: wasm.faultBracket(),
      offset: wasm.faultOffset(),
    }),
  };
}
