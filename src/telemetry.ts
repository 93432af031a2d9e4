import { channel } from 'node:diagnostics_channel';

/** Work whose duration is measured. */
type OperationKind = 'statement' | 'connection' | 'storage' | 'password_hash' | 'image_decoding';

/** A piece of work that has just ended, in the asynchronous context that it ran in. */
export interface Operation {
  kind: OperationKind;
  /** One of few words, such as `select` or `put`. */
  name: string;
  /** SQL with placeholders; never a value. */
  sql?: string;
  /** Start, by `performance.now()`. */
  startedAt: number;
  ms: number;
  /** The error that it failed with. */
  error?: unknown;
}

/** Reasons of the end of a worker: `died` and `hung` are unexpected. */
export type WorkerEnd = 'replaced' | 'stopped' | 'died' | 'hung';

/** A fact to count. */
export type Fact =
  | { type: 'order'; outcome: 'placed' | 'refused' }
  | { type: 'sign_in'; outcome: 'succeeded' | 'failed' | 'refused' }
  | { type: 'registration' }
  | { type: 'mail'; outcome: 'sent' | 'delayed' | 'dropped' }
  | { type: 'sum'; bytes: number }
  | { type: 'threaded_sums'; change: 1 | -1 }
  | { type: 'problem'; code: string }
  | { type: 'transaction_retry' }
  | { type: 'connection_refused'; setting: string }
  | { type: 'limit_reached'; limit: string }
  | { type: 'redis_outage' }
  | { type: 'redis_connection'; isUp: boolean }
  | { type: 'worker_end'; reason: WorkerEnd }
  | { type: 'task'; queue: string; change: 'waits' | 'is refused' | 'ends' }
  | { type: 'task'; queue: string; change: 'starts'; waitedMs: number };

/** A channel of the process with typed messages. */
interface Subject<T> {
  readonly hasSubscribers: boolean;
  publish(message: T): void;
  /** Returns a function that ends the subscription. */
  subscribe(listener: (message: T) => void): () => void;
}

function subject<T>(name: string): Subject<T> {
  const topic = channel(name);
  return {
    get hasSubscribers() {
      return topic.hasSubscribers;
    },
    publish: (message) => topic.publish(message),
    subscribe(listener) {
      const onMessage = (message: unknown) => listener(message as T);
      topic.subscribe(onMessage);
      return () => void topic.unsubscribe(onMessage);
    },
  };
}

/** Operations of all apps in the process. Metrics, traces and the log of slow statements listen. */
export const operations = subject<Operation>('tally:operation');

/** Facts about all apps in the process. Metrics listen. */
export const facts = subject<Fact>('tally:fact');

/** Runs work and publishes its duration. Costs a branch while nobody listens. */
export async function timed<T>(
  operation: Pick<Operation, 'kind' | 'name' | 'sql'>,
  work: () => Promise<T>,
): Promise<T> {
  if (!operations.hasSubscribers) return work();
  const startedAt = performance.now();
  try {
    const result = await work();
    operations.publish({ ...operation, startedAt, ms: performance.now() - startedAt });
    return result;
  } catch (error) {
    operations.publish({ ...operation, startedAt, ms: performance.now() - startedAt, error });
    throw error;
  }
}
