/** The queue has no more room, for anyone or for this client. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

export interface TaskOptions {
  /** Clients take turns, however many tasks each of them has waiting. */
  client?: string;
  /** Places that the task takes: a heavy one takes more than one. */
  places?: number;
}

/** Runs tasks with limited concurrency, those of one client in the order in which they came. */
export interface Queue {
  /**
   * Runs a task once enough of the queue's places are free.
   *
   * @throws {QueueFull}
   */
  run<T>(task: () => Promise<T>, options?: TaskOptions): Promise<T>;
  /** Number of tasks that run or wait. */
  readonly size: number;
}

interface Waiting {
  places: number;
  start(): void;
}

/** Tasks take up to `places` places at once; `room` more tasks may wait, of one client `share` of them. */
export function createQueue(places: number, room: number, share = room): Queue {
  let free = places;
  let size = 0;
  let waiting = 0;
  /** The tasks of each client, in the order of the clients' turns. */
  const turns = new Map<string, Waiting[]>();

  function startNext(): void {
    for (const [client, tasks] of turns) {
      const next = tasks[0]!;
      // A heavy task is not overtaken, or it might wait forever.
      if (next.places > free) return;
      tasks.shift();
      turns.delete(client);
      if (tasks.length > 0) turns.set(client, tasks);
      waiting--;
      free -= next.places;
      next.start();
    }
  }

  return {
    get size() {
      return size;
    },
    async run(task, { client = '', places: wanted = 1 } = {}) {
      const needs = Math.min(wanted, places);
      const tasks = turns.get(client) ?? [];
      const startsAtOnce = waiting === 0 && needs <= free;
      if (!startsAtOnce && (waiting >= room || tasks.length >= share)) throw new QueueFull();
      size++;
      waiting++;
      await new Promise<void>((start) => {
        tasks.push({ places: needs, start });
        turns.set(client, tasks);
        startNext();
      });
      try {
        return await task();
      } finally {
        size--;
        free += needs;
        startNext();
      }
    },
  };
}
