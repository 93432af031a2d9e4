import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessTable, type Statuses } from './access-table.ts';
import { statusOf } from './calls.ts';
import { type Operation, operations } from './spec.ts';
import { openTarget, type Target } from './target.ts';
import { CALLERS, type Caller, createWorld, type World } from './world.ts';

let target: Target;
let world: World;
beforeAll(async () => {
  target = await openTarget();
  world = await createWorld(target);
});
afterAll(() => target?.close());

describe.each(operations)('$id', (operation) => {
  it('answers each caller as the table says', async () => {
    const entry = accessTable[operation.id];
    if (!entry) throw new Error(`${operation.id} has no entry in test/attacks/access-table.ts`);
    const expected: Record<string, number> = {};
    const actual: Record<string, number> = {};
    for (const caller of CALLERS) {
      expected[caller] = expectedStatus(operation, entry.expected, caller);
      const spare = entry.needsSpare && (await world.spareToken(caller));
      const token = spare ? spare.access_token : world.tokens[caller];
      const call = (await entry.call?.(world, spare || world.user)) ?? {};
      actual[caller] = await statusOf(target, operation, call, token);
    }
    expect(actual).toEqual(expected);
  });
});

describe.each([
  ['/', 302],
  ['/docs', 200],
  ['/openapi.json', 200],
  ['/client.tgz', 200],
])('%s, which is not in the specification', (path, status) => {
  it('is for everyone', async () => {
    for (const caller of CALLERS) {
      const token = world.tokens[caller];
      const response = await fetch(`${target.url}${path}`, {
        redirect: 'manual',
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      });
      await response.body?.cancel();
      expect(response.status, caller).toBe(status);
    }
  });
});

it('has no entry for what is not in the specification', () => {
  const known = new Set(operations.map(({ id }) => id));
  expect(Object.keys(accessTable).filter((id) => !known.has(id))).toEqual([]);
});

it('puts no secret into the log', () => {
  expect(target.leaks()).toEqual([]);
});

/** A token that does not count is a 401 where one is needed, and is not looked at where none is. */
function expectedStatus({ isOpen }: Operation, statuses: Statuses, caller: Caller): number {
  if (caller in statuses) return statuses[caller as keyof Statuses];
  return isOpen ? statuses.guest : 401;
}
