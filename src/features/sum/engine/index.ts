/**
 * The exact sum of every number in a JSON document (RFC 8259), from bytes that may arrive in any
 * pieces. See README.md for how it works.
 * @module
 */
import { type Arena, createArenas, type Tenant } from './arena.ts';
import { createFault } from './fault.ts';
import type { Scanner } from './scanner.ts';

export { DocumentFault, type FaultCode } from './fault.ts';

export interface EngineLimits {
  /** How many brackets may be open at once. */
  maxDepth: number;
  /** How many digits one number may have, before and behind its point together, zeroes counted. */
  maxDigits: number;
  /** The largest absolute value that a number's spelled exponent may have. */
  maxExponent: number;
  /** Most memory of all documents under way together, in bytes; none if it is not given. */
  maxMemory?: number;
}

/** The document was given up, because all documents had more memory than they may, and this one the most. */
export class MemoryExhausted extends Error {
  override readonly name = 'MemoryExhausted';

  constructor() {
    super('the documents under way need too much memory');
  }
}

/** One document under way. It holds memory until `end`, a fault or `close`. */
export interface Summation {
  /**
   * Takes the next bytes, any number of them; reads `chunk` only during the call.
   * @throws {DocumentFault} as soon as no document could begin with the bytes so far
   * @throws {MemoryExhausted} also for what other documents need
   */
  write(chunk: Uint8Array): void;
  /**
   * The sum: an optional `-`, an integer part without leading zeros and, only where needed, `.` and a
   * fraction without trailing zeros; never an exponent. Zero is `0`.
   * @throws {DocumentFault} if the document is incomplete
   * @throws {MemoryExhausted}
   */
  end(): string;
  /** Frees what the document holds. For one that is abandoned; after `end` or a fault it does nothing. */
  close(): void;
}

export interface Engine {
  begin(): Summation;
  /**
   * The sum of one whole document, as `Summation.end` gives it.
   * @throws {DocumentFault}
   */
  sum(document: Uint8Array): string;
}

/** An engine with its own memory, which all its documents share. */
export function createEngine(limits: EngineLimits, arenas = createArenas(limits)): Engine {
  return {
    begin: () => new OpenDocument(arenas.current()),
    sum(document) {
      const { scanner } = arenas.current();
      if (document.length > scanner.windowBytes) return sumLong(arenas.current(), document);
      const text = scanner.sum(document);
      if (text === null) throw createFault(scanner.fault());
      return text;
    },
  };
}

function sumLong(arena: Arena, document: Uint8Array): string {
  const summation = new OpenDocument(arena);
  summation.write(document);
  return summation.end();
}

function finish(scanner: Scanner, record: number): string {
  const text = scanner.finish(record);
  if (text === null) throw createFault(scanner.fault());
  return text;
}

class OpenDocument implements Summation, Tenant {
  held = 0;
  readonly #arena: Arena;
  /** The address of the document's record in the scanner's memory; 0 once that is freed. */
  #record: number;
  #wasEvicted = false;

  constructor(arena: Arena) {
    this.#arena = arena;
    this.#record = arena.scanner.open();
    arena.enter();
  }

  write(chunk: Uint8Array): void {
    const { windowBytes } = this.#arena.scanner;
    for (let from = 0; from < chunk.length; from += windowBytes) {
      this.#use();
      this.#scan(chunk.length > windowBytes ? chunk.subarray(from, from + windowBytes) : chunk);
    }
    this.#use();
  }

  end(): string {
    this.#use();
    try {
      return finish(this.#arena.scanner, this.#record);
    } finally {
      this.close();
    }
  }

  close(): void {
    if (!this.#record) return;
    this.#arena.scanner.close(this.#record);
    this.#record = 0;
    this.held = 0;
    this.#arena.leave(this);
  }

  evict(): void {
    this.#wasEvicted = true;
    this.close();
  }

  #scan(bytes: Uint8Array): void {
    const { scanner } = this.#arena;
    const before = scanner.usedBytes();
    if (!scanner.scan(this.#record, bytes)) {
      const fault = createFault(scanner.fault());
      this.close();
      throw fault;
    }
    const grown = scanner.usedBytes() - before;
    if (grown === 0) return;
    this.held += grown;
    this.#arena.account(this);
  }

  #use(): void {
    if (this.#wasEvicted) throw new MemoryExhausted();
    if (!this.#record) throw new Error('the summation is over');
  }
}
