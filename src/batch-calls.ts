/**
 * Batches calls: those of the same event-loop turn, at most `most`, share one run of `work` and its result. It starts
 * after all of them, so that each sees current data.
 */
export function batchCalls<Item, Result>(
  most: number,
  work: (items: readonly Item[]) => Promise<Result>,
): (item: Item) => Promise<Result> {
  let latest: { items: Item[]; result: Promise<Result> } | undefined;
  const open = () => {
    const { promise, resolve } = Promise.withResolvers<Result>();
    const batch = { items: [] as Item[], result: promise };
    setImmediate(() => {
      if (latest === batch) latest = undefined;
      resolve(work(batch.items));
    });
    return batch;
  };
  return (item) => {
    if (!latest || latest.items.length === most) latest = open();
    latest.items.push(item);
    return latest.result;
  };
}

/** Lengths of lists in statements; shorter lists are padded, so that there are few statements. */
const LENGTHS = [1, 4, 16, 64, 256];

/** Returns the distinct members, some of them several times, so that the length is one of few. */
export function paddedSet<T>(members: Iterable<T>): T[] {
  const distinct = [...new Set(members)];
  const most = LENGTHS.at(-1)!;
  const length =
    LENGTHS.find((candidate) => candidate >= distinct.length) ??
    Math.ceil(distinct.length / most) * most;
  return Array.from({ length }, (_, index) => distinct[index % distinct.length]!);
}
