import type { createClient } from '@redis/client';

export type RedisClient = ReturnType<typeof connectTo>;

/** Longest time of an exchange with Redis, its connection included. */
const TIMEOUT_MS = 500;
/** The same for the first one, as a server that has just started is busy with itself. */
const FIRST_TIMEOUT_MS = 5000;

/** A connection to Redis that is made when it is needed, and given up when anything fails. */
export interface Redis {
  /** Runs a task with a connection, and rejects if that takes too long. */
  run<T>(task: (client: RedisClient) => Promise<T>): Promise<T>;
  close(): void;
}

/** Prepares a connection. The module is loaded only here, because few servers have Redis. */
export async function createRedis(url: string): Promise<Redis> {
  const { createClient } = await import('@redis/client');
  let client: RedisClient | undefined;
  let timeout = FIRST_TIMEOUT_MS;

  function close(): void {
    client?.destroy();
    client = undefined;
  }

  async function connected(): Promise<RedisClient> {
    if (client) return client;
    const fresh = connectTo(createClient, url, timeout);
    client = fresh;
    // Errors also reject what is under way. Redis ends idle connections, too; the next task makes a new one.
    fresh.on('error', () => {
      if (client === fresh) client = undefined;
    });
    await fresh.connect();
    return fresh;
  }

  return {
    close,
    async run(task) {
      const { promise: late, reject } = Promise.withResolvers<never>();
      const timer = setTimeout(() => reject(timedOut()), timeout);
      try {
        return await Promise.race([connected().then(task), late]);
      } catch (error) {
        close();
        throw error;
      } finally {
        clearTimeout(timer);
        timeout = TIMEOUT_MS;
      }
    },
  };
}

function connectTo(create: typeof createClient, url: string, connectTimeout: number) {
  return create({
    url,
    RESP: 2,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    socket: { connectTimeout, reconnectStrategy: false },
  });
}

const timedOut = () => Object.assign(new Error('Redis took too long'), { code: 'ETIMEDOUT' });

/** Returns what went wrong, without addresses and passwords: a code of the system, or Redis's own, such as WRONGPASS. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? /^[A-Z]{2,}(?= )/.exec(message)?.[0] ?? (error as Error).constructor.name;
}
