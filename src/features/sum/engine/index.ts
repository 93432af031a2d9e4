/**
 * The exact sum of every number in a JSON document (RFC 8259), from bytes that may arrive in any
 * pieces. See README.md for how it works.
 * @module
 */
import { createFault } from './fault.ts';
import { loadScanner, type Scanner } from './scanner.ts';

export { DocumentFault, type FaultCode } from './fault.ts';

export interface EngineLimits {
  /** How many brackets may be open at once. */
  maxDepth: number;
  /** How many digits one number may have, before and behind its point together, zeroes counted. */
  maxDigits: number;
  /** The largest absolute value that a number's spelled exponent may have. */
  maxExponent: number;
}

/** One document under way. It holds memory until `end`, a fault or `close`. */
export interface Summation {
  /**
   * Takes the next bytes, any number of them; reads `chunk` only during the call.
   * @throws {DocumentFault} as soon as no document could begin with the bytes so far
   */
  write(chunk: Uint8Array): void;
  /**
   * The sum: an optional `-`, an integer part without leading zeros and, only where needed, `.` and a
   * fraction without trailing zeros; never an exponent. Zero is `0`.
   * @throws {DocumentFault} if the document is incomplete
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
export function createEngine(limits: EngineLimits): Engine {
  const scanner = loadScanner(limits);
  return {
    begin: () => new OpenDocument(scanner),
    sum(document) {
      if (document.length > scanner.windowBytes) return sumLong(scanner, document);
      const text = scanner.sum(document);
      if (text === null) throw createFault(scanner.fault());
      return text;
    },
  };
}

function sumLong(scanner: Scanner, document: Uint8Array): string {
  const record = scanner.open();
  try {
    scanAll(scanner, record, document);
    return finish(scanner, record);
  } finally {
    scanner.close(record);
  }
}

function scanAll(scanner: Scanner, record: number, bytes: Uint8Array): void {
  for (let from = 0; from < bytes.length; from += scanner.windowBytes) {
    const slice = bytes.subarray(from, from + scanner.windowBytes);
    if (!scanner.scan(record, slice)) throw createFault(scanner.fault());
  }
}

function finish(scanner: Scanner, record: number): string {
  const text = scanner.finish(record);
  if (text === null) throw createFault(scanner.fault());
  return text;
}

class OpenDocument implements Summation {
  readonly #scanner: Scanner;
  /** The address of the document's record in the scanner's memory; 0 once that is freed. */
  #record: number;

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
    this.#record = scanner.open();
  }

  write(chunk: Uint8Array): void {
    this.#use();
    try {
      scanAll(this.#scanner, this.#record, chunk);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  end(): string {
    this.#use();
    try {
      return finish(this.#scanner, this.#record);
    } finally {
      this.close();
    }
  }

  close(): void {
    if (this.#record) this.#scanner.close(this.#record);
    this.#record = 0;
  }

  #use(): void {
    if (!this.#record) throw new Error('the summation is over');
  }
}
