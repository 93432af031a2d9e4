import { seconds, type Values } from '../setting-types.ts';

export const idempotencyVariables = {
  IDEMPOTENCY_LIFETIME: seconds('time for which an Idempotency-Key is remembered', 86_400),
};

export const toIdempotencySettings = (env: Values<typeof idempotencyVariables>) => ({
  lifetime: env.IDEMPOTENCY_LIFETIME * 1000,
});
