import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { batchCalls, paddedSet } from '../src/batch-calls.ts';

function recorder(most: number) {
  const batches: (readonly string[])[] = [];
  const call = batchCalls(most, async (items: readonly string[]) => {
    batches.push(items);
    if (items.includes('bad')) throw new Error('bad');
    return items.length;
  });
  return { batches, call };
}

it('shares one run among the calls of a turn, and starts it after all of them', async () => {
  const { batches, call } = recorder(10);
  const results = [call('a'), call('b')];
  expect(batches).toEqual([]);
  expect(await Promise.all(results)).toEqual([2, 2]);
  await call('c');
  expect(batches).toEqual([['a', 'b'], ['c']]);
});

it('does not let a call join a run that has started', async () => {
  const { batches, call } = recorder(10);
  const first = call('a');
  await setImmediate();
  expect(batches).toEqual([['a']]);
  await Promise.all([first, call('b')]);
  expect(batches).toEqual([['a'], ['b']]);
});

it('starts another run for the calls beyond the most', async () => {
  const { batches, call } = recorder(2);
  expect(await Promise.all(['a', 'b', 'c', 'd', 'e'].map(call))).toEqual([2, 2, 2, 2, 1]);
  expect(batches).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
});

it('fails all calls of a run that fails, and no other', async () => {
  const { call } = recorder(2);
  const outcomes = await Promise.allSettled(['a', 'bad', 'c'].map(call));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
});

it('pads sets to few lengths', () => {
  expect(paddedSet(['a', 'b', 'a'])).toEqual(['a', 'b', 'a', 'b']);
  const lengths = Array.from({ length: 300 }, (_, length) => {
    return paddedSet(Array.from({ length: length + 1 }, (_, index) => index)).length;
  });
  expect(new Set(lengths.slice(0, 256))).toEqual(new Set([1, 4, 16, 64, 256]));
  expect(new Set(lengths.slice(256))).toEqual(new Set([512]));
});
