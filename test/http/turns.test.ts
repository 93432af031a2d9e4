import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createTurns } from '../../src/http/turns.ts';

it('begins so many callbacks in each turn of the event loop, at once where nobody waits', async () => {
  const turns = createTurns(2);
  const begun: number[] = [];
  for (let index = 0; index < 5; index++) turns.take('a', () => void begun.push(index));
  expect(begun).toEqual([0, 1]);
  await setImmediate();
  expect(begun).toEqual([0, 1, 2, 3]);
  await setImmediate();
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  await setImmediate();
  turns.take('a', () => void begun.push(5));
  expect(begun.at(-1)).toBe(5);
});

it('lets clients take turns, however much one of them has waiting', async () => {
  const turns = createTurns(2);
  const begun: string[] = [];
  for (let index = 0; index < 6; index++) turns.take('a', () => void begun.push('a'));
  turns.take('b', () => void begun.push('b'));
  turns.take('c', () => void begun.push('c'));
  await setImmediate();
  await setImmediate();
  await setImmediate();
  expect(begun.join('')).toBe('aaabcaaa');
});
