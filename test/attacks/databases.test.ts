import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { databases } from '../helpers/test-databases.ts';
import { compare } from './comparison.ts';
import { repeat, TIMEOUT } from './duration.ts';
import { createFuzzer, type Fuzzer } from './fuzzer.ts';
import { anyRequest } from './generator.ts';
import { openTarget, type Target } from './target.ts';
import { createWorld, type World } from './world.ts';

/** Requests of a sequence. */
const REQUESTS = 600;

const targets: Target[] = [];
const worlds: World[] = [];
const fuzzers: Record<string, Fuzzer> = {};
const cleanUps: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  for (const database of databases) {
    const { url, drop } = await database.create();
    cleanUps.unshift(drop);
    const target = await openTarget({ DATABASE_URL: url });
    cleanUps.unshift(target.close);
    targets.push(target);
    const world = await createWorld(target);
    worlds.push(world);
    fuzzers[database.name] = await createFuzzer(target, world);
  }
});
afterAll(async () => {
  for (const fuzzer of Object.values(fuzzers)) fuzzer.close();
  for (const cleanUp of cleanUps) await cleanUp();
});

it.skipIf(databases.length < 2)(
  'answers the same on each database (needs two databases)',
  { timeout: TIMEOUT },
  async () => {
    const findings = await repeat(async (seed) => {
      for (const world of worlds) await world.refreshTokens();
      const requests = fc.sample(anyRequest, { seed, numRuns: REQUESTS });
      return compare(fuzzers, requests);
    });
    expect(findings).toEqual([]);
  },
);

it('puts no secret into the log', () => {
  expect(targets.flatMap((target) => target.leaks())).toEqual([]);
});
