import { collectGarbageSoon } from '../../../memory.ts';
import type { EngineLimits } from './index.ts';
import { loadScanner, type Scanner } from './scanner.ts';

/** Memory of a scanner that is kept for later documents. */
const KEPT_BYTES = 4 * 1024 ** 2;

/** A document as the memory sees it. */
export interface Tenant {
  /** Bytes that it has beyond its record. */
  readonly held: number;
  /** Gives all its memory back; the document has no sum then. */
  evict(): void;
}

/** A scanner, and the documents that share its memory. */
export interface Arena {
  readonly scanner: Scanner;
  enter(): void;
  /** To be called once the memory of the document is given back. */
  leave(tenant: Tenant): void;
  /** To be called when the document has more or less than before. It may be evicted by that. */
  account(tenant: Tenant): void;
}

/** Hands out the arena for new documents: another one after the last has outgrown what it is needed for. */
export interface Arenas {
  current(): Arena;
}

export function createArenas(limits: EngineLimits): Arenas {
  const maxMemory = limits.maxMemory ?? Number.POSITIVE_INFINITY;
  let current: Arena | undefined;
  /** At most one has memory that is not needed any more, and documents that still are in it. */
  let hasRetired = false;

  function create(): Arena {
    const scanner = loadScanner(limits);
    const large = new Set<Tenant>();
    let documents = 0;
    let size = scanner.sizeBytes();

    /** Memory is only given back with the whole scanner. */
    function retire(): void {
      const isOversized = scanner.sizeBytes() > KEPT_BYTES;
      if (current === arena) {
        if (!isOversized || hasRetired || scanner.usedBytes() * 8 > scanner.sizeBytes()) return;
        current = undefined;
        hasRetired = documents > 0;
      } else if (documents === 0) hasRetired = false;
      if (documents === 0) collectGarbageSoon();
    }

    const arena: Arena = {
      scanner,
      enter: () => void documents++,
      leave(tenant) {
        documents--;
        large.delete(tenant);
        retire();
      },
      account(tenant) {
        if (tenant.held > 0) large.add(tenant);
        else large.delete(tenant);
        // Blocks of one size are of no use for others, so that not all that is free can be used.
        while (large.size > 0 && scanner.usedBytes() > maxMemory / 2) largestOf(large).evict();
        if (scanner.sizeBytes() > Math.max(size, maxMemory)) tenant.evict();
        size = scanner.sizeBytes();
      },
    };
    return arena;
  }

  return { current: () => (current ??= create()) };
}

function largestOf(tenants: Set<Tenant>): Tenant {
  return [...tenants].reduce((a, b) => (b.held > a.held ? b : a));
}
