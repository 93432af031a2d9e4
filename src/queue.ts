/** The queue has no more room. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

/** Runs tasks in the order in which they came, a few at once. */
export interface Queue {
  /**
   * Runs a task when `places` of the queue's places are free; one that is heavy takes more than one.
   *
   * @throws {QueueFull}
   */
  run<T>(task: () => Promise<T>, places?: number): Promise<T>;
  /** Tasks that run or wait. */
  readonly size: number;
}

/** Tasks take up to `places` places at once; `room` more tasks may wait. */
export function createQueue(places: number, room: number): Queue {
  let free = places;
  let size = 0;
  const waiting: { needs: number; start: () => void }[] = [];

  function startNext(): void {
    // In order: a heavy task is not overtaken, or it might wait forever.
    while (waiting[0] && waiting[0].needs <= free) {
      const { needs, start } = waiting.shift()!;
      free -= needs;
      start();
    }
  }

  return {
    get size() {
      return size;
    },
    async run(task, wanted = 1) {
      const needs = Math.min(wanted, places);
      const hasPlace = waiting.length === 0 && needs <= free;
      if (!hasPlace && waiting.length >= room) throw new QueueFull();
      size++;
      await new Promise<void>((start) => {
        waiting.push({ needs, start });
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
