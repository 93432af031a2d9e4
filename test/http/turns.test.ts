import { execFile } from 'node:child_process';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { createTurns } from '../../src/http/turns.ts';
import { root } from '../helpers/process.ts';

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

const MEMORY_PROGRAM = `
import { setImmediate } from 'node:timers/promises';
import { getHeapSpaceStatistics } from 'node:v8';
import { createTurns } from './src/http/turns.ts';

const sizeOfOldObjects = () =>
  getHeapSpaceStatistics().find((space) => space.space_name === 'old_space').space_used_size;
const turns = createTurns(10);
const before = sizeOfOldObjects();
for (let index = 0; index < 20000; index += 10) {
  // Ten begin at once, and ten wait for the next turn.
  for (let each = 0; each < 20; each++) turns.take('a', () => undefined);
  await setImmediate();
  await setImmediate();
}
console.log((sizeOfOldObjects() - before) / 20000);
`;

it('keeps nothing of callbacks that waited until a full collection of garbage', async () => {
  const args = ['--max-semi-space-size=2', '--input-type=module', '--eval', MEMORY_PROGRAM];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  const bytesOfEach = Number(stdout);
  expect(bytesOfEach).toBeLessThan(100);
});
