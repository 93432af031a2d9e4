import { AsyncResource } from 'node:async_hooks';
import type { FastifyInstance } from 'fastify';
import { type Counter, type ShareCounter, WINDOW_MS } from '../rate-limits/counters.ts';
import { facts } from '../telemetry.ts';
import { createRedis, type RedisClient, reasonOf } from './redis.ts';

const PREFIX = 'tally:requests:';
/** Pause between two exchanges with Redis; processes know of each other's requests after it. */
const INTERVAL_MS = 50;
/** Pause after an exchange that failed. */
const RETRY_MS = 1000;

/** Adds to a count, which expires at the end of its window. Returns the count and the milliseconds until then. */
const ADD = `
local count = redis.call('INCRBY', KEYS[1], ARGV[1])
local rest = redis.call('PTTL', KEYS[1])
if rest < 0 then
  rest = tonumber(ARGV[2])
  redis.call('PEXPIRE', KEYS[1], rest)
end
return {count, rest}`;

/**
 * Shares counters through Redis. No request waits for it: counters are exchanged in the background, and without
 * Redis each process goes on with its own.
 */
export async function shareCounters(app: FastifyInstance, url: string): Promise<ShareCounter> {
  const redis = await createRedis(url);
  const unshared = new Set<Counter>();
  let timer: NodeJS.Timeout | undefined;
  let isUp: boolean | undefined;
  let isClosed = false;

  function setUp(answers: boolean): void {
    if (answers !== isUp) facts.publish({ type: 'redis_connection', isUp: answers });
    isUp = answers;
  }

  async function exchange(): Promise<void> {
    const counters = [...unshared];
    unshared.clear();
    try {
      await redis.run((client) => Promise.all(counters.map((counter) => add(client, counter))));
      if (isUp === false)
        app.log.info('Redis answers again; processes share their counts of requests');
      setUp(true);
    } catch (error) {
      if (isClosed) return;
      if (isUp !== false) {
        facts.publish({ type: 'redis_outage' });
        app.log.warn(
          { reason: reasonOf(error) },
          'Redis does not answer; each process counts requests alone',
        );
      }
      setUp(false);
      // A server without requests, too, finds out when Redis takes counts again.
      for (const counter of counters.slice(0, 1)) unshared.add(counter);
    }
    timer = undefined;
    if (!isClosed && (unshared.size > 0 || !isUp)) schedule();
  }

  // Outside of the request that was the first to be counted: its end must not be the end of this.
  const exchangeLater = AsyncResource.bind(exchange);
  function schedule(): void {
    timer ??= setTimeout(exchangeLater, isUp === false ? RETRY_MS : INTERVAL_MS).unref();
  }
  // The log says at the start if Redis is missing.
  app.addHook('onListen', async () => schedule());
  app.addHook('onClose', async () => {
    isClosed = true;
    clearTimeout(timer);
    redis.close();
  });
  return (counter) => {
    unshared.add(counter);
    schedule();
  };
}

async function add(client: RedisClient, counter: Counter): Promise<void> {
  const { key, unshared } = counter;
  counter.unshared = 0;
  const reply = await client.eval(ADD, {
    keys: [PREFIX + key],
    arguments: [String(unshared), String(WINDOW_MS)],
  });
  const [used, rest] = reply as [number, number];
  counter.used = used + counter.unshared;
  counter.resets = Date.now() + rest;
}
