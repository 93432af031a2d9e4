import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../config.ts';
import { createClientOf } from '../http/client-network.ts';
import { type Problem, problems } from '../http/problem.ts';
import {
  type Counter,
  type Counters,
  createCounters,
  type Limit,
  leftOf,
  type ShareCounter,
  WINDOW_MS,
} from '../rate-limits/counters.ts';
import type { RateName } from '../rate-limits/settings.ts';
import { shareCounters } from '../redis/shared-counters.ts';
import { facts } from '../telemetry.ts';

type RouteRate = Exclude<RateName, 'address' | 'token'>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A limit on this route besides those on all routes; `unlimited` exempts it from all. */
    rate?: RouteRate | 'unlimited';
  }
  interface FastifyRequest {
    /** The count of the limit that the client will reach first. */
    tightest: Counter | null;
  }
}

/** A limit, and the counts of its clients. */
interface Policy {
  limit: Limit;
  counters: Counters;
  clientOf(request: FastifyRequest): string;
}

/** The limits of a route, and its field `RateLimit-Policy`. */
interface Plan {
  before: readonly Policy[];
  /** Those that are checked with the token. */
  after: readonly Policy[];
  description: string;
}

/**
 * Limits the requests of each client address before anything else is done for them, and those of each token once it
 * is verified. Responses say what is left, in the fields of draft-ietf-httpapi-ratelimit-headers-10. Nothing here
 * waits: promises alone would cost a small request more than all of this.
 *
 * Register it before the plugins that refuse paths and tokens.
 */
export const rateLimitsPlugin = fp(
  async (app: FastifyInstance, { config }: { config: Config }) => {
    const { redisUrl } = config.rates;
    const share = redisUrl ? await shareCounters(app, redisUrl) : undefined;
    const planOf = createPlans(config, share);
    app.decorateRequest('tightest', null);
    app.addHook('onRequest', (request, reply, done) => {
      const { rate, scope } = request.routeOptions.config;
      if (rate === 'unlimited') return done();
      const { before, after, description } = planOf(rate, scope !== undefined);
      const now = Date.now();
      const refused = take(before, request, now);
      if (refused || after.length === 0) announce(request, reply, description, now);
      done(refused);
    });
    app.addHook('onRoute', (route) => {
      const { rate, scope } = route.config ?? {};
      if (rate === 'unlimited' || scope === undefined) return;
      const { after, description } = planOf(rate, true);
      if (after.length === 0) return;
      // The auth plugin puts the check of the token before it.
      route.onRequest = [
        ...[route.onRequest ?? []].flat(),
        (request, reply, done) => {
          const now = Date.now();
          const refused = request.user ? take(after, request, now) : undefined;
          announce(request, reply, description, now);
          done(refused);
        },
      ];
    });
  },
  { name: 'rate-limits', dependencies: ['problems'] },
);

function createPlans({ rates, http }: Config, share: ShareCounter | undefined) {
  const networkOf = createClientOf(http.trustProxy);
  const create = (name: RateName, clientOf: Policy['clientOf']): Policy[] => {
    const quota = rates.quotas[name];
    const limit = { name, quota };
    return quota === 0 ? [] : [{ limit, clientOf, counters: createCounters(limit, share) }];
  };
  const addressOf: Policy['clientOf'] = ({ raw }) => networkOf(raw);
  const perAddress = create('address', addressOf);
  const perToken = create('token', subjectOf);
  const plan = (...own: Policy[]) => {
    const before = [...perAddress, ...own];
    const open: Plan = { before, after: [], description: describe(before) };
    const description = describe([...before, ...perToken]);
    return { open, secured: { before, after: perToken, description } as Plan };
  };
  const general = plan();
  const plans = {
    'sign-in': plan(...create('sign-in', addressOf)),
    'guest-tokens': plan(...create('guest-tokens', addressOf)),
    searches: plan(...create('searches', addressOf)),
  };
  return (rate: RouteRate | undefined, isSecured: boolean): Plan => {
    const { open, secured } = rate === undefined ? general : plans[rate];
    return isSecured ? secured : open;
  };
}

/** Returns the account of a verified token; for a guest, whose name anyone can have, the id of the token. */
function subjectOf({ account, user }: FastifyRequest): string {
  return account?.id ?? user!.jti;
}

/** Returns the field `RateLimit-Policy`. */
function describe(policies: readonly Policy[]): string {
  const items = policies.map(
    ({ limit: { name, quota } }) => `"${name}";q=${quota};w=${WINDOW_MS / 1000}`,
  );
  return items.join(', ');
}

/** Counts a request under each of the limits. Returns the refusal of the first that is used up. */
function take(
  policies: readonly Policy[],
  request: FastifyRequest,
  now: number,
): Problem | undefined {
  for (const { counters, clientOf } of policies) {
    const counter = counters.take(clientOf(request), now);
    const left = leftOf(counter);
    if (request.tightest === null || left < leftOf(request.tightest)) request.tightest = counter;
    if (left < 0) return refuse(counter, now);
  }
  return undefined;
}

function refuse({ limit: { name, quota }, resets }: Counter, now: number): Problem {
  facts.publish({ type: 'limit_reached', limit: name });
  return problems.rateLimited(
    `Only ${quota} requests a minute are allowed here: the limit "${name}". Try again after Retry-After seconds.`,
    { retryAfter: secondsUntil(resets, now) },
  );
}

function announce(
  { tightest }: FastifyRequest,
  reply: FastifyReply,
  description: string,
  now: number,
): void {
  if (tightest === null) return;
  const left = Math.max(0, leftOf(tightest));
  reply.header('ratelimit-policy', description);
  reply.header(
    'ratelimit',
    `"${tightest.limit.name}";r=${left};t=${secondsUntil(tightest.resets, now)}`,
  );
}

const secondsUntil = (time: number, now: number) => Math.max(1, Math.ceil((time - now) / 1000));
