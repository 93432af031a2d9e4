import { computed, count, EMPTY_OR_VISIBLE, seconds, text, type Values } from '../setting-types.ts';

export const metricsVariables = {
  METRICS_PORT: computed(
    'off',
    count('TCP port that serves Prometheus metrics at /metrics', 0, 0, 65_535),
  ),
  METRICS_HOST: text(
    'address of METRICS_PORT; the metrics need no token, so open it to your monitoring alone',
    '127.0.0.1',
    EMPTY_OR_VISIBLE,
  ),
  SLOW_REQUEST: seconds(
    'time after which a request is logged as slow, which includes the time of the client; 0 is off',
    5,
    0,
  ),
  SLOW_STATEMENT: seconds(
    'time after which a statement of the database, or its wait for a connection, is logged as slow; 0 is off',
    1,
    0,
  ),
};

export function toMetricsSettings(env: Values<typeof metricsVariables>) {
  return { port: env.METRICS_PORT || undefined, host: env.METRICS_HOST };
}

/** Thresholds in milliseconds; 0 is off. */
export function toSlowLogSettings(env: Values<typeof metricsVariables>) {
  return { request: env.SLOW_REQUEST * 1000, statement: env.SLOW_STATEMENT * 1000 };
}
