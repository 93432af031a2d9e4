import { count, text, type Values } from '../setting-types.ts';

const perMinute = (description: string, fallback: number) => ({
  ...count(
    `${description}; each process (worker) counts alone without REDIS_URL; 0 is off`,
    fallback,
    0,
    1e9,
  ),
  unit: 'requests per minute',
});

export const rateVariables = {
  RATE_PER_TOKEN: perMinute('requests of one account, or with one token of a guest', 600_000),
  RATE_PER_ADDRESS: perMinute(
    'requests of one client address (an IPv4 address or an IPv6 /64), whatever their tokens',
    1_200_000,
  ),
  RATE_SIGN_IN: perMinute(
    'registrations, sign-ins and changes of passwords from one client address',
    1200,
  ),
  RATE_GUEST_TOKENS: perMinute('tokens of guests for one client address', 12_000),
  RATE_SEARCHES: perMinute('lists and searches of products from one client address', 12_000),
  REDIS_URL: text(
    'Redis that shares the counts of requests among processes: redis:// or rediss://, with user name and password; empty: each process counts alone',
    '',
    '^$|^rediss?://',
    'begin with redis:// or rediss://',
  ),
};

/** Names of the limits on requests, as clients see them in `RateLimit-Policy`. */
export type RateName = 'token' | 'address' | 'sign-in' | 'guest-tokens' | 'searches';

/** Quotas are requests per minute; 0 is none. */
export function toRateSettings(env: Values<typeof rateVariables>) {
  return {
    quotas: {
      token: env.RATE_PER_TOKEN,
      address: env.RATE_PER_ADDRESS,
      'sign-in': env.RATE_SIGN_IN,
      'guest-tokens': env.RATE_GUEST_TOKENS,
      searches: env.RATE_SEARCHES,
    } satisfies Record<RateName, number>,
    redisUrl: env.REDIS_URL,
  };
}

/** Lists what is wrong with these variables beyond their types. */
export const findRateFaults = (env: Values<typeof rateVariables>) => [
  !isRedisUrl(env.REDIS_URL || 'redis://localhost') &&
    'REDIS_URL is not a URL such as redis://:password@redis.example:6379; percent-encode special characters',
];

/** Tells an address with credentials that can be decoded, and with no path but the number of a database. */
function isRedisUrl(text: string): boolean {
  try {
    const { username, password, pathname } = new URL(text);
    decodeURIComponent(username + password);
    return /^(?:\/\d*)?$/.test(pathname);
  } catch {
    return false;
  }
}
