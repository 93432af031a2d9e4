import { facts } from './telemetry.ts';

export interface QueueLimits {
  /** Slots of all tasks that run at once. */
  slots: number;
  /** Most tasks that wait. */
  maxWaiting: number;
  /** Most tasks of one client that wait; as many as of all by default. */
  maxPerClient?: number;
  /** Name in the metrics, which leave out queues without one. */
  name?: string;
}

interface TaskOptions {
  /** Clients take turns, however many tasks each has waiting. */
  client?: string;
  /** Slots that the task occupies while it runs; 1 by default. */
  slots?: number;
}

/** Runs tasks with limited concurrency, those of one client in order. */
export interface Queue {
  /**
   * Runs a task as soon as enough slots are free.
   *
   * @throws the refusal of the queue where too many tasks wait
   */
  run<T>(task: () => Promise<T>, options?: TaskOptions): Promise<T>;
  /** Number of tasks that run or wait. */
  readonly size: number;
}

interface WaitingTask {
  slots: number;
  start(): void;
}

/** Creates a queue. `refuse` makes the error for a task that finds it full, such as a 503. */
export function createQueue(
  { slots, maxWaiting, maxPerClient = maxWaiting, name }: QueueLimits,
  refuse: () => Error,
): Queue {
  const report = name === undefined ? undefined : reporterOf(name);
  let free = slots;
  let size = 0;
  let waiting = 0;
  /** The tasks of each client, in the order of the clients' turns. */
  const turns = new Map<string, WaitingTask[]>();

  function startNext(): void {
    for (const [client, tasks] of turns) {
      const next = tasks[0]!;
      // Nothing overtakes a heavy task, or it might wait forever.
      if (next.slots > free) return;
      tasks.shift();
      turns.delete(client);
      if (tasks.length > 0) turns.set(client, tasks);
      waiting--;
      free -= next.slots;
      next.start();
    }
  }

  return {
    get size() {
      return size;
    },
    async run(task, { client = '', slots: wanted = 1 } = {}) {
      const needed = Math.min(wanted, slots);
      const tasks = turns.get(client) ?? [];
      const startsAtOnce = waiting === 0 && needed <= free;
      const isFull = waiting >= maxWaiting || tasks.length >= maxPerClient;
      if (!startsAtOnce && isFull) {
        report?.({ change: 'is refused' });
        throw refuse();
      }
      report?.({ change: 'waits' });
      const queuedAt = performance.now();
      size++;
      waiting++;
      await new Promise<void>((start) => {
        tasks.push({ slots: needed, start });
        turns.set(client, tasks);
        startNext();
      });
      report?.({ change: 'starts', waitedMs: performance.now() - queuedAt });
      try {
        return await task();
      } finally {
        report?.({ change: 'ends' });
        size--;
        free += needed;
        startNext();
      }
    },
  };
}

type Change = { change: 'waits' | 'is refused' | 'ends' } | { change: 'starts'; waitedMs: number };

/** Returns a function that publishes the changes of a queue. */
function reporterOf(queue: string) {
  return (change: Change) => facts.publish({ type: 'task', queue, ...change });
}
