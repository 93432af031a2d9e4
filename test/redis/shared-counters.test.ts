import { createClient } from '@redis/client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { collectFacts } from '../helpers/facts.ts';
import { metricsSettings, readMetrics } from '../helpers/metrics.ts';
import { needing } from '../helpers/needs.ts';
import { missingRedis, type RedisServer, startRedis } from '../helpers/redis.ts';
import { sendFrom } from '../helpers/requests-from.ts';
import { serverForTest, serverProcessForTest } from '../helpers/server.ts';

const PASSWORD = 'a-secret-of-redis';

async function redisForTest(...options: string[]): Promise<RedisServer> {
  const redis = await startRedis(...options);
  onTestFinished(redis.kill);
  return redis;
}

const search = async ({ url }: { url: string }) => (await sendFrom(`${url}/products`)).status;

describe.skipIf(missingRedis)(needing('requests with REDIS_URL', missingRedis), () => {
  it('are counted for two processes together', { timeout: 60_000 }, async () => {
    const redis = await redisForTest();
    const environment = { REDIS_URL: redis.url, RATE_SEARCHES: '10' };
    const [one, two] = await Promise.all([
      serverProcessForTest(environment),
      serverProcessForTest(environment),
    ]);
    for (let index = 0; index < 5; index++) {
      expect([await search(one), await search(two)]).toEqual([200, 200]);
    }
    await expect.poll(() => search(one), { interval: 100 }).toBe(429);
    await expect.poll(() => search(two), { interval: 100 }).toBe(429);
    const { headers } = await sendFrom(`${two.url}/products`);
    expect(headers.ratelimit).toMatch(/^"searches";r=0;t=(60|5\d)$/);
  });

  it('leave keys of their own in Redis, which expire', async () => {
    const redis = await redisForTest();
    const { settings, metricsUrl } = await metricsSettings();
    const server = await serverForTest({ REDIS_URL: redis.url, ...settings });
    await search(server);
    const connected = async () => (await readMetrics(metricsUrl)).get('tally_redis_connected');
    await expect.poll(connected).toBe(1);
    const client = createClient({ url: redis.url });
    await client.connect();
    onTestFinished(() => client.destroy());
    const keys = ['tally:requests:address:127.0.0.1', 'tally:requests:searches:127.0.0.1'];
    await expect.poll(async () => (await client.keys('*')).sort()).toEqual(keys);
    for (const key of keys) expect(await client.pTTL(key)).toBeGreaterThan(50_000);
  });

  const outages: [string, string[], (redis: RedisServer) => unknown, RegExp][] = [
    ['refuses connections', [], ({ kill }) => kill(), /^ECONN/],
    ['hangs', [], ({ signal }) => signal('SIGSTOP'), /^ETIMEDOUT$/],
    ['is read-only', ['--replicaof', '127.0.0.1', '1'], () => undefined, /^READONLY$/],
    ['has another password', ['--requirepass', 'another'], () => undefined, /^WRONGPASS$/],
  ];

  it.each(outages)(
    'are counted by each process while Redis %s, and shared again after it',
    async (_, options, strike, reason) => {
      const published = collectFacts();
      const lastConnection = () => published.findLast(({ type }) => type === 'redis_connection');
      const redis = await redisForTest('--requirepass', PASSWORD, ...options);
      const url = `redis://:${PASSWORD}@127.0.0.1:${redis.port}`;
      const server = await serverForTest({ REDIS_URL: url, RATE_SEARCHES: '60' });
      await strike(redis);
      for (let index = 0; index < 10; index++) expect(await search(server)).toBe(200);
      await expect.poll(server.logs, { timeout: 10_000 }).toContain('Redis does not answer');
      for (let index = 0; index < 10; index++) expect(await search(server)).toBe(200);
      expect(published.filter(({ type }) => type === 'redis_outage')).toHaveLength(1);
      expect(lastConnection()).toMatchObject({ isUp: false });
      expect(server.logs().match(/Redis does not answer/g)).toHaveLength(1);
      expect(/"reason":"([^"]*)"/.exec(server.logs())?.[1]).toMatch(reason);
      expect(server.logs()).not.toContain(PASSWORD);
      for (let index = 0; index < 40; index++) await search(server);
      expect(await search(server)).toBe(429);
      await redis.kill();
      await redis.start('--requirepass', PASSWORD);
      // Without a request.
      await expect.poll(server.logs, { timeout: 10_000 }).toContain('Redis answers again');
      expect(lastConnection()).toMatchObject({ isUp: true });
    },
  );
});
