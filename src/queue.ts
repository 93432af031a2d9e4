/** The queue is full, or this client's share of it. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

export interface TaskOptions {
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
   * @throws {QueueFull}
   */
  run<T>(task: () => Promise<T>, options?: TaskOptions): Promise<T>;
  /** Number of tasks that run or wait. */
  readonly size: number;
}

interface WaitingTask {
  slots: number;
  start(): void;
}

/** Creates a queue with `slots` slots, in which `maxWaiting` tasks may wait, and `maxPerClient` of one client. */
export function createQueue(slots: number, maxWaiting: number, maxPerClient = maxWaiting): Queue {
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
      if (!startsAtOnce && (waiting >= maxWaiting || tasks.length >= maxPerClient))
        throw new QueueFull();
      size++;
      waiting++;
      await new Promise<void>((start) => {
        tasks.push({ slots: needed, start });
        turns.set(client, tasks);
        startNext();
      });
      try {
        return await task();
      } finally {
        size--;
        free += needed;
        startNext();
      }
    },
  };
}
