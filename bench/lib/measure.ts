export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** Returns the median of the ratios of values that were measured in the same round. */
export function pairedRatio(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((value, index) => value / theirs[index]!));
}

/**
 * Measures contenders in turn, so that whatever else the machine does affects all of them. Returns the values of each
 * contender in the order of the rounds; the first round warms up and does not count.
 */
export async function measureInTurn<Contender>(
  rounds: number,
  contenders: readonly Contender[],
  measure: (contender: Contender) => Promise<number>,
): Promise<number[][]> {
  const values: number[][] = contenders.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      const value = await measure(contender);
      if (round > 0) values[index]!.push(value);
    }
  }
  return values;
}

/** Returns how often `work` ends in a second, with the given concurrency. */
export async function rateOf(
  concurrency: number,
  seconds: number,
  work: (worker: number) => Promise<unknown>,
): Promise<number> {
  const start = performance.now();
  let done = 0;
  const repeat = async (worker: number) => {
    while (performance.now() - start < seconds * 1000) {
      await work(worker);
      done++;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, (_, worker) => repeat(worker)));
  return (done * 1000) / (performance.now() - start);
}

/** Prints a table in Markdown. */
export function printTable(rows: readonly string[][]): void {
  const [head = [], ...others] = rows;
  for (const row of [head, head.map(() => '---'), ...others]) {
    process.stdout.write(`| ${row.join(' | ')} |\n`);
  }
}
