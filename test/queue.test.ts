import { describe, expect, it } from 'vitest';
import { createQueue } from '../src/queue.ts';

/** A queue whose tasks write down their names when they start, and end when they are told to. */
function observed(slots: number, maxWaiting: number, maxPerClient = maxWaiting) {
  const queue = createQueue({ slots, maxWaiting, maxPerClient }, () => new Error('full'));
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const add = (name: string, slots = 1) =>
    queue.run(
      () => {
        started.push(name);
        return new Promise<void>((resolve) => ends.set(name, resolve));
      },
      { client: name[0]!, slots },
    );
  const settle = () => new Promise(setImmediate);
  const end = async (name: string) => {
    await settle();
    ends.get(name)!();
    await settle();
  };
  return { queue, started, add, end, settle };
}

describe('a queue', () => {
  it('gives clients turns, whoever came first and with how much', async () => {
    const { started, add, end, settle, queue } = observed(1, 100);
    const all = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'].map((name) => add(name));
    await settle();
    for (let count = 0; count < all.length; count++) {
      expect(started).toHaveLength(count + 1);
      await end(started.at(-1)!);
    }
    await Promise.all(all);
    expect(started).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
    expect(queue.size).toBe(0);
  });

  it('refuses what one client has too much of, and still takes that of others', async () => {
    const { started, add, end } = observed(1, 10, 2);
    const all = ['a1', 'a2', 'a3', 'b1'].map((name) => add(name));
    await expect(add('a4')).rejects.toThrow('full');
    for (const name of ['a1', 'a2', 'b1', 'a3']) await end(name);
    await Promise.all(all);
    expect(started).toEqual(['a1', 'a2', 'b1', 'a3']);
  });

  it('refuses everyone once it is full, and runs a task where nothing may wait', async () => {
    const { add, end } = observed(1, 0);
    const first = add('a1');
    await expect(add('b1')).rejects.toThrow('full');
    await end('a1');
    await first;
    const second = add('b2');
    await end('b2');
    await second;
  });

  it('lets nothing overtake a heavy task, and gives it no more slots than there are', async () => {
    const { started, add, end, settle } = observed(2, 10);
    const all = [add('a1'), add('b1', 7), add('c1')];
    await settle();
    expect(started).toEqual(['a1']);
    await end('a1');
    expect(started).toEqual(['a1', 'b1']);
    await end('b1');
    expect(started).toEqual(['a1', 'b1', 'c1']);
    await end('c1');
    await Promise.all(all);
  });

  it('gives the place of a task that fails to the next', async () => {
    const queue = createQueue({ slots: 1, maxWaiting: 10 }, () => new Error('full'));
    const failing = queue.run(async () => {
      throw new Error('broken');
    });
    await expect(failing).rejects.toThrow('broken');
    expect(await queue.run(async () => 'next')).toBe('next');
  });
});
