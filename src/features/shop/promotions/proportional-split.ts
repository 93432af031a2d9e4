/**
 * Splits an amount in proportion to weights, by the largest remainder: the shares are integers that add
 * up to the amount. None is larger than its weight if the amount is not larger than all weights together.
 */
export function splitProportionally(amount: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (sum === 0) return weights.map(() => 0);
  // Products of two amounts do not fit into the 53 bits of a number.
  const exact = weights.map((weight) => BigInt(amount) * BigInt(weight));
  const shares = exact.map((product) => Number(product / BigInt(sum)));
  const remainders = exact.map((product) => Number(product % BigInt(sum)));
  const missing = amount - shares.reduce((total, share) => total + share, 0);
  const byRemainder = remainders
    .map((remainder, index) => ({ remainder, index }))
    .toSorted((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, missing)) shares[index]! += 1;
  return shares;
}

/** Returns a percentage of an amount, rounded half up. */
export function percentageOf(percentage: number, amount: number): number {
  return Number((BigInt(amount) * BigInt(percentage) + 50n) / 100n);
}
