import { createQueue, QueueFull, type TaskOptions } from '../../../queue.ts';
import { imageProblems } from '../problems.ts';

export interface QueueLimits {
  /** Tasks that run at once. */
  concurrency: number;
  /** Tasks that wait. */
  queue: number;
  /** Tasks that wait for images of one account. */
  perAccount: number;
}

/**
 * Runs a task when its turn has come.
 *
 * @throws {Problem} `image_queue_full`
 */
export type RunInTurn = <T>(task: () => Promise<T>, options: TaskOptions) => Promise<T>;

/** Creates a queue in which accounts take turns. */
export function createImageQueue({ concurrency, queue, perAccount }: QueueLimits): RunInTurn {
  const tasks = createQueue(concurrency, queue, perAccount);
  return async (task, options) => {
    try {
      return await tasks.run(task, options);
    } catch (error) {
      if (!(error instanceof QueueFull)) throw error;
      throw imageProblems.queueFull();
    }
  };
}
