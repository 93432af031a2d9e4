// Copied from src/features/sum/engine by scripts/generate-client. Do not edit: change the original, and run it again.
/**
 * The exact sum of every number in a JSON document (RFC 8259), from bytes that may arrive in any
 * pieces. README.md explains how it works.
 * @module
 */
import type { Arena, Arenas, OpenDocument } from './arena.js';
import { DocumentFault } from './fault.js';
import type { Format } from './format.js';
import { parsePath } from './json-path.js';
import type { PathTotal } from './scanner.js';

export { DocumentFault } from './fault.js';

export interface DocumentOptions {
  /** One document, unless another format is given. */
  format?: Format;
  /** Asks for the total of each place in the document that holds a number. */
  paths?: {
    /** Paths of objects whose members share one path, such as `$.users` for `$.users[*]`. */
    collapse: readonly string[];
  };
}

/** The total of a document. */
export interface Total {
  /**
   * The sum's canonical text: an optional `-`, an integer part without leading zeros and, only where needed, `.` and a
   * fraction without trailing zeros; never an exponent. Zero is `0`.
   */
  sum: string;
  /** Number of the numbers that were added. */
  count: number;
  /** The totals of all paths, in the order of their bytes, if they were asked for. */
  paths?: PathTotal[];
}

export interface Engine {
  /**
   * Opens a document. It holds memory until `end`, a fault or `close`.
   * @throws {InvalidPath} for a path to collapse that is none
   */
  open(options?: DocumentOptions): Summation;
  /**
   * Returns the sum of a whole JSON document, as `Summation.end` does.
   * @throws {DocumentFault}
   */
  sum(document: Uint8Array): string;
}

/** Creates an engine whose documents share the memory of the arenas. */
export function createEngine(arenas: Arenas): Engine {
  const open = (options: DocumentOptions = {}) => new Summation(arenas.current(), options);
  return {
    open,
    sum(document) {
      const { scanner } = arenas.current();
      if (document.length <= scanner.windowBytes) return scanner.sum(document);
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
export class Summation implements OpenDocument {
  extraBytes = 0;
  readonly #arena: Arena;
  readonly #format: Format;
  readonly #hasPaths: boolean;
  /** The address of the document's record in the scanner's memory; 0 once that is freed. */
  #record: number;
  #bytesRead = 0;
  #eviction: DocumentFault | undefined;

  constructor(arena: Arena, { format = 'json', paths }: DocumentOptions) {
    const collapsed = paths?.collapse.map(parsePath);
    this.#arena = arena;
    this.#format = format;
    this.#hasPaths = collapsed !== undefined;
    this.#record = arena.scanner.open(format);
    arena.add();
    if (collapsed) this.#account(() => arena.scanner.keepPaths(this.#record, collapsed));
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

  /** @throws {DocumentFault} if the document is incomplete, or the totals of its paths are too long. */
  end(): Total {
    this.#checkOpen();
    const { scanner } = this.#arena;
    try {
      const total: Total = scanner.finish(this.#record, this.#format);
      if (this.#hasPaths) total.paths = scanner.paths(this.#record, this.#format);
      return total;
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

  evict(isTooLarge: boolean): void {
    this.#eviction =
      isTooLarge && this.#hasPaths
        ? new DocumentFault('too_many_paths', this.#bytesRead, TOO_LARGE)
        : new DocumentFault('memory_exhausted', this.#bytesRead, EXHAUSTED);
    this.close();
  }

  #scan(bytes: Uint8Array): void {
    this.#account(() => this.#arena.scanner.scan(this.#record, this.#format, bytes));
  }

  /** Reports the memory that a step takes or frees; it may be the last one that the document can have. */
  #account(step: () => void): void {
    const { scanner } = this.#arena;
    const before = scanner.usedBytes;
    try {
      step();
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
    if (this.#eviction) throw this.#eviction;
    if (!this.#record) throw new Error('the summation is over');
  }
}
