/** Time for each attack, in milliseconds, where it is not the number of requests that counts. */
const DURATION = Number(process.env.ATTACK_SECONDS ?? 0) * 1000;

/** Makes an attack reproducible. The long form begins with another one each time, and says which. */
const SEED = Number(process.env.ATTACK_SEED ?? 1);

/** Longest time of a test, in milliseconds. */
export const TIMEOUT = 120_000 + 2 * DURATION;

/** Runs an attack once, and, in the long form, again and again with other seeds; stops at the first findings. */
export async function repeat(
  attack: (seed: number) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const end = Date.now() + DURATION;
  for (let seed = SEED; ; seed++) {
    const findings = await attack(seed);
    if (findings.length > 0) return [`seed ${seed}:`, ...findings];
    if (Date.now() >= end) return [];
  }
}
