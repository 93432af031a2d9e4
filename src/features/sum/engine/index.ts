/**
 * The exact sum of every number in a JSON document (RFC 8259), from bytes that may arrive in any
 * pieces. README.md explains how it works.
 * @module
 */
import { type Arena, createArenas, type EngineLimits, type OpenDocument } from './arena.ts';
import { DocumentFault } from './fault.ts';

export type { EngineLimits } from './arena.ts';
export { DocumentFault } from './fault.ts';

export interface Engine {
  /** Opens a document. It holds memory until `end`, a fault or `close`. */
  open(): Summation;
  /**
   * Returns the sum of a whole document, as `Summation.end` does.
   * @throws {DocumentFault}
   */
  sum(document: Uint8Array): string;
}

/** Creates an engine with its own memory, which all its documents share. */
export function createEngine(limits: EngineLimits, arenas = createArenas(limits)): Engine {
  const open = () => new Summation(arenas.current());
  return {
    open,
    sum(document) {
      const { scanner } = arenas.current();
      if (document.length <= scanner.windowBytes) return scanner.sum(document);
      const summation = open();
      summation.write(document);
      return summation.end();
    },
  };
}

/** The sum of a document that is read piece by piece. */
export class Summation implements OpenDocument {
  extraBytes = 0;
  readonly #arena: Arena;
  /** The address of the document's record in the scanner's memory; 0 once that is freed. */
  #record: number;
  #bytesRead = 0;
  #wasEvicted = false;

  constructor(arena: Arena) {
    this.#arena = arena;
    this.#record = arena.scanner.open();
    arena.add();
  }

  /**
   * Takes the next bytes, any number of them; reads `chunk` only during the call.
   * @throws {DocumentFault} as soon as no document could begin with the bytes so far, and
   *   `memory_exhausted` also because of what other documents need
   */
  write(chunk: Uint8Array): void {
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

  /**
   * Returns the sum: an optional `-`, an integer part without leading zeros and, only where needed, `.` and a
   * fraction without trailing zeros; never an exponent. Zero is `0`.
   * @throws {DocumentFault} if the document is incomplete
   */
  end(): string {
    this.#checkOpen();
    try {
      return this.#arena.scanner.finish(this.#record);
    } finally {
      this.close();
    }
  }

  /** Frees what an abandoned document holds; does nothing after `end` or a fault. */
  close(): void {
    if (!this.#record) return;
    this.#arena.scanner.close(this.#record);
    this.#record = 0;
    this.extraBytes = 0;
    this.#arena.remove(this);
  }

  evict(): void {
    this.#wasEvicted = true;
    this.close();
  }

  #scan(bytes: Uint8Array): void {
    const { scanner } = this.#arena;
    const before = scanner.usedBytes;
    try {
      scanner.scan(this.#record, bytes);
    } catch (fault) {
      this.close();
      throw fault;
    }
    const grown = scanner.usedBytes - before;
    if (grown === 0) return;
    this.extraBytes += grown;
    this.#arena.account(this);
  }

  #checkOpen(): void {
    if (this.#wasEvicted) {
      const message = 'the open documents need more memory than there is for them';
      throw new DocumentFault('memory_exhausted', this.#bytesRead, message);
    }
    if (!this.#record) throw new Error('the summation is over');
  }
}
