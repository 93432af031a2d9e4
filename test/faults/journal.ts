/**
 * The answer to a write, as its client may rely on it: `acknowledged` was made, `refused` was not made, and
 * `unknown` may have been made, because no answer came or the server said `outcome_unknown`.
 */
export type Outcome = 'acknowledged' | 'refused' | 'unknown';

/** Remembers what clients were told of their writes. Each write is known by a marker that is stored with it. */
export interface Journal {
  readonly kind: string;
  record(marker: string, outcome: Outcome): void;
  /** Number of writes with that outcome. */
  count(outcome: Outcome): number;
  /** Markers of the writes with that outcome. */
  markers(outcome: Outcome): string[];
  /** Compares with what is stored, one marker for each time that a write was applied; returns what is wrong. */
  compare(stored: readonly string[]): string[];
}

export function createJournal(kind: string): Journal {
  const outcomes = new Map<string, Outcome>();
  const markers = (outcome: Outcome) =>
    [...outcomes].filter(([, known]) => known === outcome).map(([marker]) => marker);

  return {
    kind,
    record: (marker, outcome) => void outcomes.set(marker, outcome),
    count: (outcome) => markers(outcome).length,
    markers,
    compare(stored) {
      const applied = new Map<string, number>();
      for (const marker of stored) applied.set(marker, (applied.get(marker) ?? 0) + 1);
      return [...outcomes].flatMap(([marker, outcome]) => {
        const times = applied.get(marker) ?? 0;
        if (times > 1) return `${kind} ${marker} (${outcome}) was applied ${times} times`;
        if (outcome === 'acknowledged' && times === 0) return `${kind} ${marker} was lost`;
        if (outcome === 'refused' && times === 1)
          return `${kind} ${marker} was refused, and applied`;
        return [];
      });
    },
  };
}
