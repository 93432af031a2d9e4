// Copied from src/features/sum/engine by scripts/generate-client. Do not edit: change the original, and run it again.
import type { EngineLimits } from './limits.js';
import { type CompiledScanner, Scanner } from './scanner.js';

/** Memory of a scanner that is kept for later documents. */
const KEPT_BYTES = 4 * 1024 ** 2;

/** A document in the memory of an arena. */
export interface OpenDocument {
  /** Bytes that it has beyond its record. */
  readonly extraBytes: number;
  /** Frees its memory; the document has no sum then. It is too large if it would be given up even alone. */
  evict(isTooLarge: boolean): void;
}

/** A scanner, and the documents that share its memory. */
export interface Arena {
  readonly scanner: Scanner;
  /** Largest document, in bytes. */
  readonly maxBytes: number;
  add(): void;
  /** Call it once the memory of the document is freed. */
  remove(document: OpenDocument): void;
  /** Call it when the document has more or less than before. It may be evicted by that. */
  account(document: OpenDocument): void;
}

/** Provides the arena for new documents, and replaces one that is mostly unused. */
export interface Arenas {
  current(): Arena;
}

/** Calls back whenever memory of a scanner is left to the garbage collector. */
export function createArenas(
  compiled: CompiledScanner,
  limits: EngineLimits,
  onGarbage: () => void = () => undefined,
): Arenas {
  const { maxBytes, maxMemory } = limits;
  let current: Arena | undefined;
  /** At most one replaced arena still has open documents. */
  let hasRetired = false;

  function create(): Arena {
    const scanner = new Scanner(compiled, limits);
    const large = new Set<OpenDocument>();
    let documents = 0;
    let sizeBytes = scanner.sizeBytes;

    /** Drops an arena that is mostly empty: memory is only freed with the whole scanner. */
    function retire(): void {
      const isOversized = scanner.sizeBytes > KEPT_BYTES;
      if (current === arena) {
        if (!isOversized || hasRetired || scanner.usedBytes * 8 > scanner.sizeBytes) return;
        current = undefined;
        hasRetired = documents > 0;
      } else if (documents === 0) hasRetired = false;
      if (documents === 0) onGarbage();
    }

    const arena: Arena = {
      scanner,
      maxBytes,
      add: () => void documents++,
      remove(document) {
        documents--;
        large.delete(document);
        retire();
      },
      account(document) {
        if (document.extraBytes > 0) large.add(document);
        else large.delete(document);
        // Half of the memory: freed blocks of one size are of no use for others.
        const evict = (victim: OpenDocument) => victim.evict(victim.extraBytes > maxMemory / 2);
        while (large.size > 0 && scanner.usedBytes > maxMemory / 2) evict(largestOf(large));
        if (scanner.sizeBytes > Math.max(sizeBytes, maxMemory)) evict(document);
        sizeBytes = scanner.sizeBytes;
      },
    };
    return arena;
  }

  return { current: () => (current ??= create()) };
}

function largestOf(documents: Set<OpenDocument>): OpenDocument {
  return [...documents].reduce((a, b) => (b.extraBytes > a.extraBytes ? b : a));
}
