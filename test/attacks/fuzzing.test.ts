import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repeat, TIMEOUT } from './duration.ts';
import { createFuzzer, type Fuzzer } from './fuzzer.ts';
import { requestOf } from './generator.ts';
import { operations } from './spec.ts';
import { openTarget, type Target } from './target.ts';
import { createWorld, type World } from './world.ts';

/** Requests of each operation, and how many of them are in flight at once. */
const REQUESTS = 60;
const AT_ONCE = 6;
/** Findings that are shown. */
const SHOWN = 5;

let target: Target;
let world: World;
let fuzzer: Fuzzer;
beforeAll(async () => {
  target = await openTarget();
  world = await createWorld(target);
  fuzzer = await createFuzzer(target, world);
});
afterAll(async () => {
  fuzzer?.close();
  await target?.close();
});

describe.each(operations)('$id', (operation) => {
  it('answers any request as the specification allows', { timeout: TIMEOUT }, async () => {
    const findings = await repeat(async (seed) => {
      await world.refreshTokens();
      const requests = fc.sample(requestOf(operation), { seed, numRuns: REQUESTS });
      const found: string[] = [];
      for (let index = 0; index < requests.length; index += AT_ONCE) {
        const batch = requests.slice(index, index + AT_ONCE);
        found.push(...(await Promise.all(batch.map((one) => fuzzer.probe(one)))).flat());
      }
      return found.slice(0, SHOWN);
    });
    expect(findings).toEqual([]);
    expect(target.isAlive()).toBe(true);
  });
});

it('puts no secret into the log', () => {
  expect(target.leaks()).toEqual([]);
});
