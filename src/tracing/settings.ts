import { fraction, oneOf, text, type Values } from '../setting-types.ts';

/** URLs with a host and without a password. */
const ENDPOINT = '^$|^https?://[^/?#\\s@]+(/[^?#\\s]*)?$';
const PAIRS = '^$|^\\s*[^=,\\s]+=[^,]*(,\\s*[^=,\\s]+=[^,]*)*$';
const MUST_BE_PAIRS = 'be name=value, comma-separated, values percent-encoded';

/** The standard variables of OpenTelemetry that Tally reads. */
export const tracingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: text(
    'the URL of an OpenTelemetry collector that takes OTLP over HTTP, such as http://localhost:4318; traces are off without it',
    '',
    ENDPOINT,
    'be a URL such as http://localhost:4318, without a user and a password',
  ),
  OTEL_EXPORTER_OTLP_HEADERS: text(
    'a list of headers for the collector: name=value, comma-separated, values percent-encoded',
    '',
    PAIRS,
    MUST_BE_PAIRS,
  ),
  OTEL_SERVICE_NAME: text('name of this service in traces', 'tally'),
  OTEL_RESOURCE_ATTRIBUTES: text(
    'a list of attributes of this server in traces: name=value, comma-separated, values percent-encoded',
    '',
    PAIRS,
    MUST_BE_PAIRS,
  ),
  OTEL_TRACES_SAMPLER: oneOf(
    'the requests that are traced; parentbased: as the caller decided, where it did',
    [
      'parentbased_always_on',
      'parentbased_traceidratio',
      'parentbased_always_off',
      'always_on',
      'traceidratio',
      'always_off',
    ],
  ),
  OTEL_TRACES_SAMPLER_ARG: fraction('part of the requests that traceidratio traces', 1),
};

export type TracingSettings = ReturnType<typeof toTracingSettings>;

export function toTracingSettings(env: Values<typeof tracingVariables>) {
  return {
    endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, ''),
    headers: pairs(env.OTEL_EXPORTER_OTLP_HEADERS),
    resource: {
      ...pairs(env.OTEL_RESOURCE_ATTRIBUTES),
      'service.name': env.OTEL_SERVICE_NAME,
    },
    sampler: { name: env.OTEL_TRACES_SAMPLER, ratio: env.OTEL_TRACES_SAMPLER_ARG },
  };
}

/** Reads `name=value,name=value`. */
function pairs(value: string): Record<string, string> {
  const entries = value.split(',').filter((pair) => pair.includes('='));
  return Object.fromEntries(
    entries.map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at).trim(), decode(pair.slice(at + 1).trim())];
    }),
  );
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
