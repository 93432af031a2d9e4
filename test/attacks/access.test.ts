import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaTypeOf } from '../helpers/conformance.ts';
import { accessTable, type Call, type Statuses } from './access-table.ts';
import { judge, type Operation, operations } from './spec.ts';
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
      actual[caller] = await statusOf(operation, call, token);
    }
    expect(actual).toEqual(expected);
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

async function statusOf(operation: Operation, call: Call, token?: string): Promise<number> {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => call.path?.[name] ?? name);
  const isForm = call.body instanceof FormData;
  const response = await fetch(target.url + path, {
    method: operation.method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(call.body !== undefined && !isForm && { 'content-type': 'application/json' }),
      ...call.headers,
    },
    body: isForm ? (call.body as FormData) : (JSON.stringify(call.body) ?? null),
  });
  const mediaType = mediaTypeOf(response.headers.get('content-type'));
  const payload = mediaType.endsWith('json') ? await response.text() : undefined;
  if (payload === undefined) await response.body?.cancel();
  const { method, path: template } = operation;
  const { status } = response;
  expect(judge({ method, path: template, status, mediaType, payload })).toBeUndefined();
  return status;
}
